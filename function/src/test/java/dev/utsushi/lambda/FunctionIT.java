package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.search.GuardedEngine;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.lambda.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The deployable jar under the real runtime interface client, with nothing but its documented
 * environment variables.
 */
final class FunctionIT {
  private static final AtomicInteger INDICES = new AtomicInteger();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A first invocation on a busy machine takes seconds, and none of these tests waits for it. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private final ConcurrentLinkedQueue<LogLine> log = new ConcurrentLinkedQueue<>();
  private final String index = "function-" + INDICES.incrementAndGet();

  @Test
  void theJarAloneIndexesChanges() throws Exception {
    try (LambdaFunction function = function(Map.of())) {
      assertThat(failures(function, "insert.json")).isEmpty();
      var documents = new EngineIndex(Engines.openSearch().endpoint(), index);
      assertThat(documents.found()).containsOnlyKeys("deal-1|2026-11-01T00:00:00Z#1");
      assertThat(failures(function, "remove.json")).isEmpty();
      assertThat(documents.found()).isEmpty();
      assertThat(failures(function, "insert.json")).isEmpty();
      assertThat(documents.found()).isEmpty();
    }
    assertThat(metric("Applied")).containsExactly(1L, 1L, 0L);
    assertThat(metric("Superseded")).containsExactly(0L, 0L, 1L);
    assertThat(text()).doesNotContain("初回訪問");
  }

  @Test
  void snapStartPrimesAndTheFirstChangeGoesToTheRealIndex() throws Exception {
    var snapStart = configuration(Map.of()).withSnapStart();
    try (LambdaFunction function = new LambdaFunction(snapStart)) {
      assertThat(failures(function, "insert.json")).isEmpty();
    }
    var engine = new EngineIndex(Engines.openSearch().endpoint(), index);
    assertThat(engine.found()).containsOnlyKeys("deal-1|2026-11-01T00:00:00Z#1");
    assertThat(engine.send("GET", "/_cat/indices", "").toString()).doesNotContain("priming");
    assertLogged("\"event\":\"primed\"");
    assertThat(metric("Applied")).containsExactly(1L);
  }

  @Test
  void anUnreadableRecordIsReportedAndNothingAfterItIsLost() throws Exception {
    try (LambdaFunction function = function(Map.of())) {
      assertThat(failures(function, "keys-only.json"))
          .containsExactly("4421584500000000017450439091");
      assertLogged("record_unreadable", "view type must be NEW_IMAGE");
    }
  }

  @Test
  void recordWithoutSequenceNumberFailsTheBatch() throws Exception {
    try (LambdaFunction function = function(Map.of())) {
      assertThat(function.invoke(event("kinesis.json")))
          .isInstanceOf(InvocationResult.FunctionError.class);
      assertLogged("map this function to a DynamoDB stream");
    }
  }

  @Test
  void emptyEventDoesNothingAndSaysSo() throws Exception {
    try (LambdaFunction function = function(Map.of())) {
      assertThat(failures(function, "{}".getBytes(UTF_8))).isEmpty();
      assertThat(failures(function, "{\"Records\":[]}".getBytes(UTF_8))).isEmpty();
      assertLogged("event_empty");
    }
  }

  @Test
  void wrongSettingsAreAllToldAtStart() throws Exception {
    Map<String, String> wrong = Map.of("UTSUSHI_INDEXX", "a", "UTSUSHI_TTL_DELETES", "never");
    try (LambdaFunction function = function(wrong)) {
      InvocationResult result = function.invoke(event("insert.json"));
      assertThat(result).isInstanceOf(InvocationResult.InitFailed.class);
      assertLogged(
          "UTSUSHI_INDEXX is not a setting; did you mean UTSUSHI_INDEX?",
          "UTSUSHI_TTL_DELETES must be one of delete, keep");
    }
  }

  @Test
  void engineThatIsDownDefersTheChange() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:1");
    Map<String, String> down = Map.of("UTSUSHI_SEARCH_ENDPOINT", nobody.toString());
    try (LambdaFunction function =
        new LambdaFunction(configuration(down).withTimeout(Duration.ofSeconds(12)))) {
      assertThat(failures(function, "insert.json")).containsExactly("4421584500000000017450439091");
      assertLogged("change_deferred", "ConnectException");
    }
    assertThat(metric("Retries").getFirst()).isPositive();
  }

  @Test
  void secretOpensTheEngine() throws Exception {
    String arn = "arn:aws:secretsmanager:us-east-1:1:secret:search";
    String right = "{\"username\":\"utsushi\",\"password\":\"pass:word\"}";
    try (LocalSecrets secrets = new LocalSecrets(Map.of(arn, right));
        GuardedEngine engine = guarded("Basic dXRzdXNoaTpwYXNzOndvcmQ=");
        LambdaFunction function = function(with(engine, secrets, "basic", arn))) {
      assertThat(failures(function, "insert.json")).isEmpty();
      assertThat(failures(function, "insert.json")).isEmpty();
      assertThat(secrets.reads()).isEqualTo(1);
    }
    assertThat(text()).doesNotContain("pass:word").doesNotContain("dXRzdXNoaTpwYXNzOndvcmQ=");
  }

  @Test
  void apiKeyOpensTheEngine() throws Exception {
    String arn = "arn:aws:secretsmanager:us-east-1:1:secret:key";
    try (LocalSecrets secrets = new LocalSecrets(Map.of(arn, "{\"apiKey\":\"aWQ6a2V5\"}"));
        GuardedEngine engine = guarded("ApiKey aWQ6a2V5");
        LambdaFunction function = function(with(engine, secrets, "apikey", arn))) {
      assertThat(failures(function, "insert.json")).isEmpty();
    }
  }

  @Test
  void wrongPasswordIsToldAndNothingAcknowledged() throws Exception {
    String arn = "arn:aws:secretsmanager:us-east-1:1:secret:search";
    String wrong = "{\"username\":\"utsushi\",\"password\":\"old-one\"}";
    try (LocalSecrets secrets = new LocalSecrets(Map.of(arn, wrong));
        GuardedEngine engine = guarded("Basic dXRzdXNoaTpwYXNzOndvcmQ=");
        LambdaFunction function = function(with(engine, secrets, "basic", arn))) {
      assertThat(failures(function, "insert.json")).containsExactly("4421584500000000017450439091");
      assertLogged("change_rejected", "Check UTSUSHI_SEARCH_AUTH, UTSUSHI_SEARCH_SECRET_ARN");
      assertThat(text()).doesNotContain("old-one");
    }
  }

  @Test
  void aMissingSecretIsReported() throws Exception {
    String arn = "arn:aws:secretsmanager:us-east-1:1:secret:none";
    try (LocalSecrets secrets = new LocalSecrets(Map.of());
        GuardedEngine engine = guarded("Basic x");
        LambdaFunction function = function(with(engine, secrets, "basic", arn))) {
      assertThat(failures(function, "insert.json")).containsExactly("4421584500000000017450439091");
      assertLogged("cannot read the secret " + arn + ": ResourceNotFoundException");
    }
  }

  /** Databind is for what comes later than a change: its start-up would delay the first one. */
  @Test
  void replicatingAChangeLoadsNoDatabindAndNothingOfDeadLetters(@TempDir Path directory)
      throws Exception {
    Path classes = directory.resolve("classes.log");
    var logging = List.of("-Xlog:class+load:file=" + classes + ":none", "-XX:+UseSerialGC");
    try (LambdaFunction function =
        new LambdaFunction(configuration(Map.of()).withJvmFlags(logging))) {
      assertThat(failures(function, "insert.json")).isEmpty();
      assertThat(Files.readAllLines(classes))
          .anyMatch(line -> line.startsWith("dev.utsushi.core.index.EngineWriter"))
          .noneMatch(line -> line.startsWith("com.fasterxml.jackson.databind."))
          .noneMatch(line -> line.startsWith("dev.utsushi.core.deadletter."))
          .noneMatch(line -> line.startsWith("dev.utsushi.core.record.RecordJson"))
          .noneMatch(line -> line.startsWith("software.amazon.awssdk.services."));
    }
  }

  private static GuardedEngine guarded(String authorization) {
    return new GuardedEngine(
        Engines.openSearch().endpoint(),
        (_, _, headers, _) -> authorization.equals(headers.getFirst("Authorization")));
  }

  private static Map<String, String> with(
      GuardedEngine engine, LocalSecrets secrets, String auth, String arn) {
    return Map.of(
        "UTSUSHI_SEARCH_ENDPOINT",
        engine.endpoint().toString(),
        "UTSUSHI_SEARCH_AUTH",
        auth,
        "UTSUSHI_SEARCH_SECRET_ARN",
        arn,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        secrets.endpoint());
  }

  private List<Long> metric(String name) {
    return log.stream()
        .map(LogLine::text)
        .filter(line -> line.contains("\"_aws\""))
        .map(FunctionIT::parse)
        .map(line -> line.path(name).asLong())
        .toList();
  }

  /** A function that has answered has written its log, but nobody may have read it yet. */
  private void assertLogged(String... texts) throws InterruptedException {
    Instant giveUpAt = Instant.now().plusSeconds(180);
    while (!Stream.of(texts).allMatch(text()::contains)) {
      assertThat(Instant.now()).as(text()).isBefore(giveUpAt);
      Thread.sleep(10);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    log.forEach(line -> text.append(line.text()).append('\n'));
    return text.toString();
  }

  private LambdaFunction function(Map<String, String> more) {
    return new LambdaFunction(configuration(more));
  }

  private LambdaConfiguration configuration(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("UTSUSHI_SEARCH_ENDPOINT", Engines.openSearch().endpoint().toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", index);
    environment.put("UTSUSHI_PARTITION_KEY", "dealId");
    environment.put("UTSUSHI_SORT_KEY", "actionKey");
    environment.putAll(more);
    return LambdaConfiguration.of(
            "replication",
            List.of(Path.of("target/utsushi-function.jar")),
            ReplicationHandler.class.getName() + "::handleRequest")
        .withEnvironment(environment)
        .withTimeout(PATIENT)
        .withLog(log::add);
  }

  private static List<String> failures(LambdaFunction function, String fixture)
      throws InterruptedException {
    return failures(function, event(fixture));
  }

  private static List<String> failures(LambdaFunction function, byte[] event)
      throws InterruptedException {
    InvocationResult result = function.invoke(event);
    assertThat(result).isInstanceOf(InvocationResult.Succeeded.class);
    String payload = ((InvocationResult.Succeeded) result).payload();
    return parse(payload).path("batchItemFailures").findValuesAsText("itemIdentifier");
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  private static byte[] event(String fixture) {
    try (InputStream in = FunctionIT.class.getResourceAsStream("/events/" + fixture)) {
      return Objects.requireNonNull(in, fixture).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
