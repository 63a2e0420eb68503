package dev.utsushi.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.settings.Settings.SearchAuth;
import dev.utsushi.core.settings.Settings.WorkerSettings;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "AWS_REGION", "ap-northeast-1",
          "UTSUSHI_SEARCH_ENDPOINT", "https://search.example.com",
          "UTSUSHI_INDEX", "activity-logs",
          "UTSUSHI_PARTITION_KEY", "dealId");

  @Test
  void theRequiredSettingsAreEnough() {
    Settings settings = Settings.read(LEAST);
    assertThat(settings.endpoint()).isEqualTo(URI.create("https://search.example.com"));
    assertThat(settings.auth()).isEqualTo(SearchAuth.SIGV4);
    assertThat(settings.region()).isEqualTo("ap-northeast-1");
    assertThat(settings.index().writer()).isEqualTo("activity-logs-write");
    assertThat(settings.index().first()).isEqualTo("activity-logs-000001");
    assertThat(settings.keySchema()).isEqualTo(new KeySchema("dealId", null));
    assertThat(settings.ttlDeletes()).isEqualTo(TtlDeletes.DELETE);
    assertThat(settings.dimensions()).isEqualTo(Map.of("Index", "activity-logs"));
    assertThat(settings.mapping().mappings()).contains("dynamic_templates");
  }

  @Test
  void everythingCanBeSet() {
    Settings settings =
        Settings.read(
            with(
                "UTSUSHI_SEARCH_AUTH", "basic",
                "UTSUSHI_SEARCH_SECRET_ARN", "arn:aws:secretsmanager:r:1:secret:s",
                "UTSUSHI_STACK", "prod",
                "UTSUSHI_SORT_KEY", "actionKey",
                "UTSUSHI_MAPPING", "{\"properties\":{\"memo\":{\"type\":\"text\"}}}",
                "UTSUSHI_TTL_DELETES", "keep",
                "UTSUSHI_LAG_ATTRIBUTE", "writtenAt"));
    assertThat(settings.auth()).isEqualTo(SearchAuth.BASIC);
    assertThat(settings.dimensions()).isEqualTo(Map.of("Index", "activity-logs", "Stack", "prod"));
    assertThat(settings.keySchema()).isEqualTo(new KeySchema("dealId", "actionKey"));
    assertThat(settings.mapping().createIndex())
        .startsWith("{\"mappings\":{\"properties\":{\"memo\":{\"type\":\"text\"}},");
    assertThat(settings.ttlDeletes()).isEqualTo(TtlDeletes.KEEP);
    assertThat(settings.lagAttribute()).isEqualTo("writtenAt");
  }

  @Test
  void kinesisNeedsItsStreamAndSinceWhen() {
    String stream = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";
    String since = "2026-11-01T00:00:00.000";
    var both = with("UTSUSHI_KINESIS_STREAM_ARN", stream, "UTSUSHI_KINESIS_SINCE", since);
    assertThat(Settings.readKinesis(both).kinesis()).isEqualTo(new KinesisSource(stream, since));
    assertThat(Settings.read(LEAST).kinesis()).isNull();
    assertThatThrownBy(() -> Settings.readKinesis(LEAST))
        .hasMessageContaining("UTSUSHI_KINESIS_STREAM_ARN is missing")
        .hasMessageContaining("UTSUSHI_KINESIS_SINCE is missing");
    assertThatThrownBy(() -> Settings.read(with("UTSUSHI_KINESIS_STREAM_ARN", stream)))
        .hasMessageContaining("UTSUSHI_KINESIS_STREAM_ARN needs UTSUSHI_KINESIS_SINCE");
    assertThatThrownBy(() -> Settings.read(with("UTSUSHI_KINESIS_SINCE", "2026-11-01T00:00:00Z")))
        .hasMessageContaining("UTSUSHI_KINESIS_SINCE must be the time in UTC")
        .hasMessageContaining("UTSUSHI_KINESIS_SINCE needs UTSUSHI_KINESIS_STREAM_ARN");
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThat(
            problems(
                Map.of(
                    "UTSUSHI_SEARCH_ENDPIONT", "https://search.example.com",
                    "UTSUSHI_SEARCH_AUTH", "sigv",
                    "UTSUSHI_INDEX", "Activity Logs",
                    "UTSUSHI_MAPPING", "activity.json",
                    "UTSUSHI_TTL_DELETES", "kep")))
        .containsExactly(
            "UTSUSHI_SEARCH_ENDPIONT is not a setting; did you mean UTSUSHI_SEARCH_ENDPOINT?",
            "UTSUSHI_SEARCH_AUTH must be one of sigv4, basic, apikey, none; did you mean sigv4?",
            "UTSUSHI_SEARCH_ENDPOINT is missing: the URL of the cluster, like https://host:9200",
            "AWS_REGION is missing: sigv4 signs for a region",
            "UTSUSHI_INDEX must be a valid index name: lower case, without spaces or any of"
                + " \\ / * ? \" < > | , # :, not starting with - _ + or ., at most 248 bytes",
            "UTSUSHI_PARTITION_KEY is missing: the name of the table's partition key",
            "UTSUSHI_MAPPING is invalid: there is no mapping 'activity.json' in the jar, and it"
                + " is not JSON",
            "UTSUSHI_TTL_DELETES must be one of delete, keep; did you mean keep?");
  }

  @Test
  void aSecretIsSetExactlyIfTheAuthUsesIt() {
    assertThat(problems(with("UTSUSHI_SEARCH_AUTH", "apikey")))
        .containsExactly(
            "UTSUSHI_SEARCH_SECRET_ARN is missing: apikey reads its secret from there");
    assertThat(problems(with("UTSUSHI_SEARCH_SECRET_ARN", "arn:x")))
        .containsExactly("UTSUSHI_SEARCH_SECRET_ARN is set, but sigv4 uses no secret");
  }

  @Test
  void credentialsAreNotSentOverHttp() {
    assertThat(problems(with("UTSUSHI_SEARCH_ENDPOINT", "http://search.example.com")))
        .containsExactly(
            "UTSUSHI_SEARCH_ENDPOINT must be https: over http, others could read the credentials");
    assertThat(Settings.read(with("UTSUSHI_SEARCH_ENDPOINT", "http://127.0.0.1:9200/")).endpoint())
        .isEqualTo(URI.create("http://127.0.0.1:9200"));
  }

  @Test
  void certificateAuthoritiesAreInTheJar() {
    assertThat(problems(with("UTSUSHI_SEARCH_CA", "none.pem")))
        .containsExactly("UTSUSHI_SEARCH_CA is unknown: 'none.pem' is not in the jar");
    // As text, which a container's environment has room for.
    Settings.read(with("UTSUSHI_SEARCH_CA", "-----BEGIN CERTIFICATE-----"));
  }

  @Test
  void endpointIsSchemeAndHost() {
    for (String wrong :
        List.of(
            "search.example.com", "ftp://h", "https://h/path?a=b", "https://u:p@h", "https://")) {
      assertThat(problems(with("UTSUSHI_SEARCH_ENDPOINT", wrong))).as(wrong).hasSize(1);
    }
  }

  @Test
  void mappingMustBeAnObject() {
    assertThat(problems(with("UTSUSHI_MAPPING", "{\"properties\":")))
        .containsExactly("UTSUSHI_MAPPING is invalid: the mapping is not a JSON object");
  }

  @Test
  void openSearchServerlessIsRefused() {
    assertThat(
            problems(with("UTSUSHI_SEARCH_ENDPOINT", "https://abc.us-east-1.aoss.amazonaws.com")))
        .containsExactly(
            "UTSUSHI_SEARCH_ENDPOINT is of OpenSearch Serverless, which is not supported: use a"
                + " domain of OpenSearch Service");
  }

  @Test
  void captureAndReplayNeedTheirTableAndQueue() {
    Map<String, String> environment =
        with(
            "UTSUSHI_TABLE_ARN", "arn:aws:dynamodb:us-east-1:123456789012:table/actions",
            "UTSUSHI_DEAD_LETTER_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/q",
            "UTSUSHI_SECOND_CHANCE", "true",
            "UTSUSHI_FILTER_PATTERNS", "[{\"eventName\": [\"INSERT\"]}]");
    DeadLetterSettings settings = Settings.readDeadLetters(environment);
    assertThat(settings.tableArn()).endsWith("table/actions");
    assertThat(settings.queueUrl()).endsWith("/q");
    assertThat(settings.secondChance()).isTrue();
    assertThat(settings.filterPatterns()).containsExactly("{\"eventName\":[\"INSERT\"]}");
    assertThat(settings.replication().index().reader()).isEqualTo("activity-logs");
    assertThat(Settings.read(environment).tableArn()).isEqualTo(settings.tableArn());
  }

  @Test
  void problemsOfCaptureAndReplayAreReportedWithTheOthers() {
    Map<String, String> environment =
        with(
            "UTSUSHI_TABLE_ARN", "actions",
            "UTSUSHI_SECOND_CHANCE", "yes",
            "UTSUSHI_FILTER_PATTERNS", "[1]",
            "UTSUSHI_TTL_DELETES", "kep");
    assertThat(
            catchThrowableOfType(
                    SettingsException.class, () -> Settings.readDeadLetters(environment))
                .problems())
        .containsExactly(
            "UTSUSHI_DEAD_LETTER_QUEUE_URL is missing: the URL of the dead-letter queue, like"
                + " https://sqs.us-east-1.amazonaws.com/123456789012/actions",
            "UTSUSHI_SECOND_CHANCE must be one of true, false",
            "UTSUSHI_FILTER_PATTERNS must be a JSON array of filter patterns",
            "UTSUSHI_TTL_DELETES must be one of delete, keep; did you mean keep?",
            "UTSUSHI_TABLE_ARN must be the ARN of the table, like"
                + " arn:aws:dynamodb:us-east-1:123456789012:table/actions");
  }

  @Test
  void aWorkerReadsTheTablesStreamOrKinesis() {
    String stream =
        "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-11-01T00:00:00.000";
    Map<String, String> environment =
        with(
            "AWS_REGION", "us-east-1",
            "UTSUSHI_STREAM_ARN", stream,
            "UTSUSHI_FAILURE_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/q");
    WorkerSettings settings = Settings.readWorker(environment);
    assertThat(settings.streamArn()).isEqualTo(stream);
    assertThat(settings.readsKinesis()).isFalse();
    assertThat(settings.lanes()).isEqualTo(10);
    assertThat(settings.retries()).isEqualTo(3);
    assertThat(settings.name()).isNull();
    environment.put("UTSUSHI_WORKER_NAME", "sales-deals");
    assertThat(Settings.readWorker(environment).name()).isEqualTo("sales-deals");

    String kinesis = "arn:aws:kinesis:us-east-1:123456789012:stream/t";
    environment.remove("UTSUSHI_STREAM_ARN");
    environment.put("UTSUSHI_KINESIS_STREAM_ARN", kinesis);
    environment.put("UTSUSHI_KINESIS_SINCE", "2026-11-01T00:00:00.000");
    assertThat(Settings.readWorker(environment).streamArn()).isEqualTo(kinesis);
  }

  @Test
  void problemsOfAWorkerAreReportedTogether() {
    Map<String, String> environment =
        with(
            "AWS_REGION", "us-east-1",
            "UTSUSHI_STREAM_ARN", "actions",
            "UTSUSHI_WORKER_NAME", "sales deals",
            "UTSUSHI_WORKER_LANES", "0",
            "UTSUSHI_WORKER_RETRIES", "many");
    assertThat(
            catchThrowableOfType(SettingsException.class, () -> Settings.readWorker(environment))
                .problems())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("UTSUSHI_STREAM_ARN must be the ARN of the"),
            second -> assertThat(second).startsWith("UTSUSHI_FAILURE_QUEUE_URL is missing"),
            third ->
                assertThat(third)
                    .isEqualTo(
                        "UTSUSHI_WORKER_NAME must be 3 to 238 letters, digits, underscores, hyphens"
                            + " and dots"),
            fourth -> assertThat(fourth).isEqualTo("UTSUSHI_WORKER_LANES must be 1 to 100"),
            fifth -> assertThat(fifth).isEqualTo("UTSUSHI_WORKER_RETRIES must be 0 to 10000"));
  }

  private static List<String> problems(Map<String, String> environment) {
    return catchThrowableOfType(SettingsException.class, () -> Settings.read(environment))
        .problems();
  }

  private static Map<String, String> with(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>(LEAST);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return environment;
  }
}
