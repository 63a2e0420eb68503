package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.PermissionsTest.statements;
import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static dev.utsushi.infra.stack.Stacks.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awscdk.assertions.Match.objectLike;

import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Template;

/** Several consumers of one table's changes. */
final class ConsumersTest {
  private static final String ARN = "arn:aws:lambda:eu-central-1:123456789012:function:notify";
  private static final String ROLE = "arn:aws:iam::123456789012:role/notifyRole";
  private static final String STREAM =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-10-01T00:00:00.000";
  private static final String EXISTING =
      """
      streams:
        - index: deals
          table:
            existing:
              arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
              streamArn: %s
              partitionKey: id
      """
          .formatted(STREAM);
  private static final String KINESIS =
      "    source: kinesis\n"
          + "    kinesis: { since: 2026-11-01T00:00:00.000, enhancedFanOut: %s }\n";
  private static final String INDEX =
      """
          consumers:
            - index: deals-by-owner
              parallelizationFactor: 3
              filterPatterns: [{ eventName: [INSERT, MODIFY, REMOVE] }]
      """;
  private static final String FUNCTION =
      """
          consumers:
            - functionArn: %s
              roleArn: %s
              batchSize: 7
              filterPatterns: [{ eventName: [INSERT] }]
      """
          .formatted(ARN, ROLE);

  @Test
  void anotherIndexIsAStreamOfItsOwn() {
    Template template = template(EXISTING + INDEX);
    template.resourceCountIs("AWS::SQS::Queue", 8);
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of("EventSourceArn", STREAM, "ParallelizationFactor", 1));
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of("EventSourceArn", STREAM, "ParallelizationFactor", 3));
    template.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Environment",
            Map.of("Variables", objectLike(Map.of("UTSUSHI_INDEX", "deals-by-owner")))));
    assertThat(template.findOutputs("DealsByOwnerDeadLetterQueueUrl")).hasSize(1);
  }

  /** Nothing of a stream changes when it gets a consumer. */
  @Test
  void theStreamStaysAsItIs() {
    Map<String, Map<String, Object>> alone =
        template(EXISTING).findResources("AWS::Lambda::EventSourceMapping");
    assertThat(template(EXISTING + INDEX).findResources("AWS::Lambda::EventSourceMapping"))
        .containsAllEntriesOf(alone);
  }

  @Test
  void aConsumerReadsTheTableThatTheStreamCreates() {
    Template template =
        template(
            "streams:\n  - index: deals\n    table: { create: { partitionKey: id } }\n" + INDEX);
    // The tables of runs are another type.
    template.resourceCountIs("AWS::DynamoDB::GlobalTable", 1);
    assertThat(
            template.findResources("AWS::Lambda::EventSourceMapping").values().stream()
                .filter(mapping -> mapping.toString().contains("StreamArn"))
                .toList())
        .hasSize(2);
  }

  @Test
  void aFunctionOfYourOwnHasAQueueAndOnlyThePermissionsThatItNeeds() {
    String yaml = EXISTING_DOMAIN + TOPIC + EXISTING + FUNCTION;
    Template template = Stacks.template(yaml);
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of(
            "FunctionName",
            ARN,
            "EventSourceArn",
            STREAM,
            "BatchSize",
            7,
            "MaximumRetryAttempts",
            3,
            "FilterCriteria",
            Map.of("Filters", List.of(Map.of("Pattern", "{\"eventName\":[\"INSERT\"]}")))));
    template.hasResourceProperties("AWS::IAM::Policy", Map.of("Roles", List.of("notifyRole")));
    assertThat(statements(yaml, "notify"))
        .containsExactlyInAnyOrder(
            "dynamodb:DescribeStream,dynamodb:GetRecords,dynamodb:GetShardIterator,"
                + "dynamodb:ListStreams "
                + STREAM,
            "sqs:SendMessage dealsConsumernotifyDeadLetters");
    assertThat(template.findOutputs("NotifyConsumerDeadLetterQueueUrl")).hasSize(1);
    assertThat(
            template.findResources("AWS::CloudWatch::Alarm").values().stream()
                .filter(alarm -> alarm.toString().contains("consumer notify"))
                .toList())
        .hasSize(2)
        .allSatisfy(alarm -> assertThat(alarm.toString()).contains("on-call"));
  }

  @Test
  void anAlarmTellsWhenAFunctionOfYourOwnFallsBehind() {
    String yaml = TOPIC + EXISTING + FUNCTION;
    template(yaml)
        .hasResourceProperties(
            "AWS::CloudWatch::Alarm",
            Map.of(
                "MetricName",
                "IteratorAge",
                "Dimensions",
                List.of(Map.of("Name", "FunctionName", "Value", "notify")),
                "Threshold",
                10_000));
    template(yaml + "        iteratorAgeAlarmSeconds: 77\n")
        .hasResourceProperties("AWS::CloudWatch::Alarm", Map.of("Threshold", 77_000));
  }

  @Test
  void aFunctionOfYourOwnMayNameTheRecordsThatItFailedOn() {
    String yaml = EXISTING + FUNCTION;
    assertThat(mappingOfTheFunction(yaml)).doesNotContain("FunctionResponseTypes");
    assertThat(mappingOfTheFunction(yaml + "        reportsBatchItemFailures: true\n"))
        .contains("FunctionResponseTypes=[ReportBatchItemFailures]");
    assertThat(problems(EXISTING + INDEX + "        reportsBatchItemFailures: true\n"))
        .containsExactly(
            "12: streams[0].consumers[0].reportsBatchItemFailures has no effect without"
                + " functionArn; remove it");
  }

  private static String mappingOfTheFunction(String yaml) {
    return template(yaml).findResources("AWS::Lambda::EventSourceMapping").values().stream()
        .map(Object::toString)
        .filter(mapping -> mapping.contains(ARN))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void onKinesisConsumersMayHaveTheStreamsThroughputToThemselves() {
    Template template = template(EXISTING + KINESIS.formatted(true) + INDEX + own(5));
    template.resourceCountIs("AWS::Kinesis::Stream", 1);
    template.resourceCountIs("AWS::Kinesis::StreamConsumer", 7);
    template.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of("FunctionName", ARN + "-0", "MaximumRetryAttempts", 3));
  }

  @Test
  void moreReadersThanAShardServesAreRefused() {
    assertThat(problems(EXISTING + INDEX + own(1)))
        .containsExactly(
            "12: streams[0].consumers[1] has too many readers: a DynamoDB stream serves 2 at a"
                + " time; read Kinesis instead (source: kinesis)");
    assertThat(problems(EXISTING + KINESIS.formatted(false) + INDEX + own(3))).isEmpty();
    assertThat(problems(EXISTING + KINESIS.formatted(false) + INDEX + own(4)))
        .containsExactly(
            "17: streams[0].consumers[4] is one too many: 5 readers share what a shard can read;"
                + " set kinesis.enhancedFanOut to true");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(problems(EXISTING + "    consumers: [{ batchSize: 2 }]\n"))
        .containsExactly("8: streams[0].consumers[0] must have either index or functionArn");
    assertThat(
            problems(EXISTING + "    consumers: [{ functionArn: " + ARN + ", reindex: true }]\n"))
        .containsExactly(
            "8: streams[0].consumers[0].roleArn is missing: the role of the function",
            "8: streams[0].consumers[0].reindex has no effect on a function of your own; remove"
                + " it");
    assertThat(problems(EXISTING + INDEX.replace("deals-by-owner", "deals-write")))
        .containsExactly(
            "9: streams[0].consumers[0].index collides with the stream at line 2: both would use"
                + " the name 'deals-write'");
    assertThat(problems(EXISTING + KINESIS.formatted(false) + INDEX + own(1) + own(1)))
        .containsExactly(
            "15: streams[0].consumers[2].functionArn is the function of line 14; remove one of"
                + " them");
  }

  private static String own(int functions) {
    return IntStream.range(0, functions)
        .mapToObj("      - { functionArn: %s-%%d, roleArn: %s }\n".formatted(ARN, ROLE)::formatted)
        .reduce("", String::concat);
  }

  private static Template template(String streams) {
    return Stacks.template(EXISTING_DOMAIN + streams);
  }

  private static Stream<String> problems(String streams) {
    List<Problem> problems = Stacks.problems(streams + EXISTING_DOMAIN);
    return problems.stream().map(problem -> problem.line() + ": " + problem.what());
  }
}
