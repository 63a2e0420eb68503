package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.VPC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonNode.OverwriteMode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

/** What the keys of a stream, its table and a new domain change in the template. */
class StreamOptionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MASTER = "arn:aws:iam::123456789012:role/admin";
  private static final String MASTER_USER =
      "search: { newDomain: { masterUserRoleArn: '" + MASTER + "' } }\n";
  private static final String DEALS_STREAM =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-11-01T00:00:00.000";

  /** A key of the schema, a value that is not the default, and what the template has then. */
  private static final List<List<String>> KEYS =
      List.of(
          List.of("batchSize", "7", "'BatchSize':7,"),
          List.of("batchingWindowSeconds", "3", "'MaximumBatchingWindowInSeconds':3,"),
          List.of("parallelizationFactor", "4", "'ParallelizationFactor':4,"),
          List.of("maximumRetryAttempts", "5", "'MaximumRetryAttempts':5,"),
          List.of("maximumRecordAgeSeconds", "4000", "'MaximumRecordAgeInSeconds':4000,"),
          List.of("bisectBatchOnError", "true", "'BisectBatchOnFunctionError':true,"),
          List.of("startingPosition", "LATEST", "'StartingPosition':'LATEST'"),
          List.of("enabled", "false", "'Enabled':false,"),
          List.of("filterPatterns", "[{'eventName':['REMOVE']}]", "'FilterCriteria'"),
          List.of("memoryMib", "1024", "'MemorySize':1024,"),
          List.of("timeoutSeconds", "41", "'Timeout':41}"),
          List.of("architecture", "x86_64", "'Architectures':['x86_64'],"),
          List.of("reservedConcurrency", "9", "'ReservedConcurrentExecutions':9,"),
          List.of("ttlDeletes", "keep", "'UTSUSHI_TTL_DELETES':'keep'"),
          List.of("reindex", "true", "/_aliases'"),
          List.of("lagAttribute", "writtenAt", "'UTSUSHI_LAG_ATTRIBUTE':'writtenAt'"),
          List.of("iteratorAgeAlarmSeconds", "77", "'Threshold':77000,"),
          List.of("alarms/Throttles", "123", "'Threshold':123,"),
          List.of("readers", "[ 'arn:aws:iam::123456789012:role/r' ]", ":role/r'"),
          List.of("secondChanceSeconds", "61", "'DelaySeconds':61,"),
          List.of("backfill/maximumConcurrency", "6", "'MaximumConcurrency':6}"),
          List.of("verify/schedule", "rate(2 days)", "'rate(2 days)'"),
          List.of("verify/repair", "true", "\\'repair\\':true"),
          List.of("verify/sample", "2%", "\\'sample\\':0.02"),
          List.of("verify/readCapacity", "90", "\\'readCapacity\\':90"),
          List.of("source", "both", "'Handler':'dev.utsushi.lambda.KinesisHandler::handleRequest'"),
          List.of("kinesis/since", "2026-11-01T00:00:00.000", "'2026-11-01T00:00:00.000'"),
          List.of("kinesis/shards", "5", "'ShardCount':5,"),
          List.of("kinesis/retentionHours", "73", "'RetentionPeriodHours':73,"),
          List.of("kinesis/enhancedFanOut", "true", "'AWS::Kinesis::StreamConsumer'"),
          List.of("purge/schedule", "rate(9 days)", "'rate(9 days)'"),
          List.of("table/create/name", "sales-deals", "'TableName':'sales-deals'"),
          List.of("table/create/partitionKey", "pk", "'AttributeName':'pk','KeyType':'HASH'"),
          List.of("table/create/partitionKeyType", "N", "'pk','AttributeType':'N'"),
          List.of("table/create/sortKey", "sk", "'AttributeName':'sk','KeyType':'RANGE'"),
          List.of("table/create/sortKeyType", "B", "'sk','AttributeType':'B'"),
          List.of(
              "table/create/timeToLiveAttribute", "ttl", "{'AttributeName':'ttl','Enabled':true}"),
          List.of("table/create/deletionProtection", "true", "'DeletionProtectionEnabled':true"));

  @Test
  void everyKeyOfAStreamIsInTheTemplate() throws IOException {
    ObjectNode stream = JSON.createObjectNode().put("index", "deals");
    for (List<String> key : KEYS) {
      JsonPointer at = JsonPointer.compile("/" + key.getFirst());
      String text = key.get(1);
      JsonNode value =
          text.matches("\\d+|true|false|\\[.*")
              ? JSON.readTree(text.replace('\'', '"'))
              : TextNode.valueOf(text);
      stream
          .withObject(at.head(), OverwriteMode.ALL, true)
          .set(at.last().getMatchingProperty(), value);
    }
    String template =
        JSON.writeValueAsString(Stacks.template(SEARCH + "streams: [" + stream + "]").toJSON());
    assertThat(KEYS)
        .allSatisfy(key -> assertThat(template).contains(key.getLast().replace('\'', '"')));

    JsonNode schema = JSON.readTree(Path.of("src/main/resources/utsushi.schema.json").toFile());
    assertThat(keys("", schema.at("/properties/streams/items/properties")))
        .filteredOn(
            key ->
                !key.matches(
                    "index|mapping|targets|consumers|consumer|worker/.*|alarms/(?!Throttles).*|table/existing/.*|kinesis/(existing|kms).*"))
        .containsExactlyInAnyOrderElementsOf(KEYS.stream().map(List::getFirst).toList());
  }

  private static List<String> keys(String of, JsonNode properties) {
    return properties
        .propertyStream()
        .flatMap(
            it -> {
              JsonNode inner = it.getValue().path("properties");
              return inner.isObject()
                  ? keys(of + it.getKey() + "/", inner).stream()
                  : Stream.of(of + it.getKey());
            })
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'', Retain, true",
    "name: deals, RetainExceptOnCreate, false",
    "'name: deals, deletionProtection: true', RetainExceptOnCreate, true",
    "deletionProtection: false, Retain, false"
  })
  void aTableThatBlocksNoRetryIsProtected(String key, String policy, boolean isProtected) {
    String table =
        "table: { create: { partitionKey: id, %s } }".formatted(key).replace(", }", " }");
    Stacks.template(SECRET + "streams: [ { index: deals, " + table + " } ]\n")
        .hasResource(
            "AWS::DynamoDB::GlobalTable",
            Map.of(
                "DeletionPolicy",
                policy,
                "UpdateReplacePolicy",
                "Retain",
                "Properties",
                Match.objectLike(
                    Map.of(
                        "Replicas",
                        List.of(
                            Match.objectLike(Map.of("DeletionProtectionEnabled", isProtected)))))));
  }

  @Test
  void aStreamThatIsNotEnabledIsDeployedAndNotRead() {
    Template template = Stacks.template(EXISTING_DOMAIN + STREAMS + "    enabled: false\n");
    template.resourcePropertiesCountIs(
        "AWS::Lambda::EventSourceMapping",
        Map.of("EventSourceArn", DEALS_STREAM, "Enabled", false),
        1);
    // Its capture, its runs and the other stream are not switched off with it.
    template.resourcePropertiesCountIs(
        "AWS::Lambda::EventSourceMapping", Map.of("Enabled", Match.absent()), 5);
  }

  @Test
  void aScheduleSendsTheMessageThatStartsItsRun() {
    String verify = "    verify: { schedule: cron(0 3 * * ? *), repair: true, sample: 0.5% }\n";
    String purge = "    purge: { schedule: rate(7 days) }\n";
    Template template = Stacks.template(EXISTING_DOMAIN + STREAMS + verify + purge);
    template.resourceCountIs("AWS::Scheduler::Schedule", 2);
    schedule(
        template,
        "cron(0 3 * * ? *)",
        "{\"start\":\"VERIFY\",\"repair\":true,\"sample\":0.005,\"readCapacity\":0.0}");
    schedule(template, "rate(7 days)", "{\"start\":\"PURGE\"}");
    Stacks.template(EXISTING_DOMAIN + STREAMS).resourceCountIs("AWS::Scheduler::Schedule", 0);
  }

  private static void schedule(Template template, String expression, String message) {
    template.hasResourceProperties(
        "AWS::Scheduler::Schedule",
        Map.of(
            "ScheduleExpression",
            expression,
            "FlexibleTimeWindow",
            Map.of("Mode", "OFF"),
            "Target",
            Match.objectLike(Map.of("Input", message))));
  }

  @Test
  void backfillsWorkOnAsManySegmentsAsTheStreamSaysOrAllStreams() {
    String own = "    backfill: { maximumConcurrency: 40 }\n";
    Template template =
        Stacks.template(
            "defaults: { backfill: { maximumConcurrency: 2 } }\n" + SECRET + STREAMS + own);
    for (int concurrency : List.of(2, 40)) {
      template.resourcePropertiesCountIs(
          "AWS::Lambda::EventSourceMapping",
          Map.of("ScalingConfig", Map.of("MaximumConcurrency", concurrency)),
          1);
      template.resourcePropertiesCountIs(
          "AWS::Lambda::Function",
          Map.of(
              "Environment",
              Map.of(
                  "Variables",
                  Map.of("UTSUSHI_MAXIMUM_CONCURRENCY", Integer.toString(concurrency)))),
          1);
    }
  }

  @Test
  void aStreamCanComeFromAParameter() {
    Template template =
        Stacks.template(SECRET + STREAMS.replace(DEALS_STREAM, "ssm:/deals/stream"));
    JsonNode parameters = JSON.valueToTree(template.findParameters("*"));
    Map.Entry<String, JsonNode> parameter =
        parameters
            .propertyStream()
            .filter(it -> it.getValue().path("Default").asText().equals("/deals/stream"))
            .findFirst()
            .orElseThrow();
    assertThat(parameter.getValue().path("Type").asText())
        .isEqualTo("AWS::SSM::Parameter::Value<String>");
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of("EventSourceArn", Map.of("Ref", parameter.getKey())));
  }

  @Test
  void aStreamCanComeFromAnExport() {
    Stacks.template(SECRET + STREAMS.replace(DEALS_STREAM, "export:deals:stream"))
        .hasResourceProperties(
            "AWS::Lambda::EventSourceMapping",
            Map.of("EventSourceArn", Map.of("Fn::ImportValue", "deals:stream")));
  }

  /** The alias alone, so no tombstone is read, and no other index. */
  @Test
  void readersMaySearchTheIndexAndNoMore() {
    String reader = "arn:aws:iam::123456789012:role/search";
    Template template =
        Stacks.template(SEARCH + STREAMS + "    readers: ['%s']\n".formatted(reader));
    assertThat(ofPrincipal(template, reader))
        .containsExactlyInAnyOrder(
            "es:ESHttpGet /deals/_count /deals/_doc/* /deals/_mapping /deals/_search",
            "es:ESHttpPost /deals/_count /deals/_search");
  }

  @Test
  void theMasterUserIsARoleThatReachesTheSecurityApi() {
    Template template = Stacks.template(MASTER_USER + STREAMS);
    template.hasResourceProperties(
        "AWS::OpenSearchService::Domain",
        Map.of(
            "AdvancedSecurityOptions",
            Map.of(
                "Enabled",
                true,
                "InternalUserDatabaseEnabled",
                false,
                "MasterUserOptions",
                Map.of("MasterUserARN", MASTER, "MasterUserPassword", Match.absent()))));
    assertThat(ofPrincipal(template, MASTER))
        .containsExactly("es:ESHttpGet,es:ESHttpPut /_plugins/_security/api/*");
    Stacks.template(SEARCH + STREAMS)
        .hasResourceProperties(
            "AWS::OpenSearchService::Domain", Map.of("AdvancedSecurityOptions", Match.absent()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        MASTER_USER + STREAMS,
        "kmsKeyArn: " + Stacks.KEY + '\n' + SEARCH + STREAMS + "    enabled: false\n",
        SEARCH
            + VPC
            + "  securityGroupIds: [sg-0123456789abcdef0]\n"
            + STREAMS
            + "    readers: ['"
            + MASTER
            + "']\n"
      })
  void neitherCdkNagNorTheLibraryFindsAnything(String yaml) {
    UtsushiStack stack = Stacks.lenientStack(yaml);
    Template.fromStack(stack);

    var annotations = Annotations.fromStack(stack);
    annotations.hasNoError("*", Match.anyValue());
    annotations.hasNoWarning("*", Match.anyValue());
  }

  /** Each statement of the domain's policy that names the principal: actions and paths. */
  private static List<String> ofPrincipal(Template template, String principal) {
    JsonNode domain = JSON.valueToTree(template.findResources("AWS::OpenSearchService::Domain"));
    return domain
        .findPath("AccessPolicies")
        .path("Statement")
        .valueStream()
        .filter(statement -> statement.path("Principal").toString().contains(principal))
        .map(it -> texts(it.path("Action"), ",") + ' ' + texts(it.path("Resource"), " "))
        .toList();
  }

  private static String texts(JsonNode node, String separator) {
    Iterable<JsonNode> each = node.isArray() ? node : List.of(node);
    StringBuilder texts = new StringBuilder();
    for (JsonNode one : each) {
      JsonNode parts = one.at("/Fn::Join/1");
      JsonNode last = parts.isMissingNode() ? one : parts.path(parts.size() - 1);
      texts
          .append(texts.isEmpty() ? "" : separator)
          .append(last.asText().replaceAll("^:domain/\\w+", ""));
    }
    return texts.toString();
  }
}
