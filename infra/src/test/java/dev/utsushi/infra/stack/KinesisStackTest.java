package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.PermissionsTest.statements;
import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awscdk.assertions.Match.absent;
import static software.amazon.awscdk.assertions.Match.anyValue;
import static software.amazon.awscdk.assertions.Match.objectLike;
import static software.amazon.awscdk.assertions.Match.stringLikeRegexp;

import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Template;

/** A stream whose changes come from Kinesis. */
final class KinesisStackTest {
  private static final String STREAM_ARN =
      "arn:aws:kinesis:eu-central-1:123456789012:stream/changes";
  private static final String NEW_TABLE =
      "streams: [{ index: deals, table: { create: { partitionKey: id } }, source: kinesis,"
          + " kinesis: { since: 2026-11-01T00:00:00.000 %s } %s }]\n";
  private static final String EXISTING_TABLE =
      """
      streams:
        - index: deals
          table:
            existing:
              arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
              partitionKey: id
      %s
          source: %s
          kinesis: { since: 2026-11-01T00:00:00.000 %s }
      """;
  private static final String OWN_STREAM =
      "        streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/%s";

  @Test
  void aNewTableSendsItsChangesToANewStream() {
    Template template = template(NEW_TABLE.formatted("", ""));
    template.hasResourceProperties(
        "AWS::Kinesis::Stream",
        Map.of(
            "StreamModeDetails", Map.of("StreamMode", "ON_DEMAND"),
            "RetentionPeriodHours", 24,
            "StreamEncryption", Map.of("EncryptionType", "KMS", "KeyId", "alias/aws/kinesis")));
    template.hasResourceProperties(
        "AWS::DynamoDB::GlobalTable",
        Map.of(
            "Replicas",
            List.of(
                objectLike(
                    Map.of(
                        "KinesisStreamSpecification",
                        Map.of(
                            "StreamArn",
                            anyValue(),
                            "ApproximateCreationDateTimePrecision",
                            "MICROSECOND"))))));
    template.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Handler",
            "dev.utsushi.lambda.KinesisHandler::handleRequest",
            "Environment",
            Map.of(
                "Variables",
                objectLike(
                    Map.of(
                        "UTSUSHI_KINESIS_SINCE",
                        "2026-11-01T00:00:00.000",
                        "UTSUSHI_KINESIS_STREAM_ARN",
                        anyValue())))));
    assertThat(handlers(template)).doesNotContain("ReplicationHandler");
  }

  @Test
  void shardsRetentionFilterAndFactor() {
    Template template =
        template(
            NEW_TABLE.formatted(
                ", shards: 4, retentionHours: 168",
                ", parallelizationFactor: 3, filterPatterns: [{ eventName: [REMOVE] }]"));
    template.hasResourceProperties(
        "AWS::Kinesis::Stream", Map.of("ShardCount", 4, "RetentionPeriodHours", 168));
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of(
            "ParallelizationFactor",
            3,
            "FilterCriteria",
            Map.of(
                "Filters", List.of(Map.of("Pattern", "{\"data\":{\"eventName\":[\"REMOVE\"]}}")))));
    // Capture and replay compare the change itself.
    template.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Handler", stringLikeRegexp("CaptureHandler"),
            "Environment",
                Map.of(
                    "Variables",
                    objectLike(
                        Map.of("UTSUSHI_FILTER_PATTERNS", "[{\"eventName\":[\"REMOVE\"]}]")))));
  }

  @Test
  void anExistingStreamNeedsNoStreamOfTheTable() {
    String yaml =
        EXISTING_DOMAIN
            + EXISTING_TABLE.formatted("", "kinesis", ", existingStreamArn: " + STREAM_ARN);
    Template template = Stacks.template(yaml);
    template.resourceCountIs("AWS::Kinesis::Stream", 0);
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of("EventSourceArn", STREAM_ARN, "FilterCriteria", absent()));
    assertThat(statements(yaml, "dealsKinesisReplication"))
        .contains(
            "kinesis:DescribeStream,kinesis:DescribeStreamSummary,kinesis:GetRecords,"
                + "kinesis:GetShardIterator,kinesis:ListShards "
                + STREAM_ARN)
        .noneMatch(statement -> statement.startsWith("dynamodb:"));
    assertThat(statements(yaml, "dealsCapture"))
        .contains("kinesis:GetRecords,kinesis:GetShardIterator " + STREAM_ARN)
        .noneMatch(statement -> statement.startsWith("dynamodb:"));
  }

  @Test
  void bothWhileItMoves() {
    Template before =
        template(
            EXISTING_TABLE
                .formatted(OWN_STREAM.formatted("2026-10-01T00:00:00.000"), "dynamodb", "")
                .replaceAll("(?m)^ *kinesis:.*$", ""));
    String yaml =
        EXISTING_DOMAIN
            + EXISTING_TABLE.formatted(
                OWN_STREAM.formatted("2026-10-01T00:00:00.000"),
                "both",
                ", existingStreamArn: " + STREAM_ARN);
    Template both = Stacks.template(yaml);
    assertThat(handlers(both)).contains("KinesisHandler", "ReplicationHandler");
    String mapping = "AWS::Lambda::EventSourceMapping";
    assertThat(both.findResources(mapping).keySet())
        .containsAll(before.findResources(mapping).keySet());
    assertThat(statements(yaml, "dealsReplay"))
        .contains("kinesis:GetRecords,kinesis:GetShardIterator " + STREAM_ARN)
        .anyMatch(statement -> statement.startsWith("dynamodb:GetRecords"));
  }

  @Test
  void enhancedFanOutReadsByAConsumer() {
    String yaml = EXISTING_DOMAIN + NEW_TABLE.formatted(", enhancedFanOut: true", "");
    Stacks.template(yaml).resourceCountIs("AWS::Kinesis::StreamConsumer", 1);
    assertThat(statements(yaml, "dealsKinesisReplication"))
        .anyMatch(it -> it.startsWith("kinesis:DescribeStreamConsumer,kinesis:SubscribeToShard "));
  }

  @Test
  void changesThatDoNotReachKinesisAreAnAlarm() {
    Template template = template(NEW_TABLE.formatted("", ""));
    for (String metric : List.of("AgeOfOldestUnreplicatedRecord", "FailedToReplicateRecordCount")) {
      assertThat(template.findResources("AWS::CloudWatch::Alarm").values())
          .anyMatch(alarm -> alarm.toString().contains(metric));
    }
    template(Stacks.STREAMS).resourceCountIs("AWS::Kinesis::Stream", 0);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThat(problem(NEW_TABLE.formatted("", "").replace("source: kinesis", "source: dynamodb")))
        .isEqualTo(
            "1: streams[0].kinesis has no effect: source is dynamodb; set it to kinesis or both");
    assertThat(problem(NEW_TABLE.formatted("", "").replaceAll(", kinesis: \\{.*?}", "")))
        .isEqualTo("1: streams[0].source needs kinesis.since; add a section kinesis");
    assertThat(problem(NEW_TABLE.formatted(", shards: 1, existingStreamArn: " + STREAM_ARN, "")))
        .isEqualTo("1: streams[0].kinesis.shards has no effect on an existing stream; remove it");
    assertThat(problem(EXISTING_TABLE.formatted("", "both", "")))
        .isEqualTo(
            "4: streams[0].table.existing.streamArn is missing: ARN of the table's stream, whose"
                + " view type includes new images");
    assertThat(
            problem(
                EXISTING_TABLE.formatted(
                    OWN_STREAM.formatted("2026-11-02T00:00:00.000"), "both", "")))
        .endsWith(
            "kinesis.since must be later than the table's stream was enabled, which is"
                + " 2026-11-02T00:00:00.000, not '2026-11-01T00:00:00.000'");
  }

  private static List<String> handlers(Template template) {
    return template.findResources("AWS::Lambda::Function").values().stream()
        .map(String::valueOf)
        .map(it -> it.replaceAll("(?s).*Handler=dev\\.utsushi\\.lambda\\.(\\w+)::.*", "$1"))
        .toList();
  }

  private static Template template(String streams) {
    return Stacks.template(EXISTING_DOMAIN + streams);
  }

  /** Returns the only problem, counting lines from the first of the streams. */
  private static String problem(String streams) {
    List<Problem> problems = Stacks.problems(streams + EXISTING_DOMAIN);
    assertThat(problems).hasSize(1);
    return problems.getFirst().line() + ": " + problems.getFirst().what();
  }
}
