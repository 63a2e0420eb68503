package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECOND_CHANCE;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.TOPIC;
import static dev.utsushi.infra.stack.Stacks.VPC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.sqs.Queue;

class UtsushiStackTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FUNCTION = "AWS::Lambda::Function";
  private static final Template TEMPLATE = Stacks.template(SEARCH + STREAMS);

  @Test
  void theMappingIsTheCards() {
    TEMPLATE.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of(
            "BatchSize",
            1,
            "ParallelizationFactor",
            3,
            "MaximumRetryAttempts",
            3,
            "MaximumBatchingWindowInSeconds",
            0,
            "StartingPosition",
            "TRIM_HORIZON",
            "FunctionResponseTypes",
            List.of("ReportBatchItemFailures"),
            "MetricsConfig",
            Map.of("Metrics", List.of("EventCount")),
            "FunctionName",
            Map.of("Ref", only("AWS::Lambda::Alias", "activitylogsReplication")),
            "DestinationConfig",
            Map.of(
                "OnFailure",
                Map.of(
                    "Destination", attribute(only("AWS::SQS::Queue", "activitylogsFailures"))))));
  }

  @Test
  void theFunctionsRunOnJava25AndLogJson() {
    TEMPLATE.allResourcesProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Runtime",
            "java25",
            "Architectures",
            List.of("arm64"),
            "LoggingConfig",
            Match.objectLike(Map.of("LogFormat", "JSON", "ApplicationLogLevel", "INFO"))));
    TEMPLATE.resourceCountIs("AWS::Lambda::Function", 8);
    TEMPLATE.resourcePropertiesCountIs("AWS::Lambda::Function", Map.of("MemorySize", 1769), 6);
  }

  /** A snapshot that was not used for 14 days fails its next invocation. */
  @Test
  void onlyTheReplicationHasSnapStart() {
    Map<String, Object> snapStart = Map.of("SnapStart", Map.of("ApplyOn", "PublishedVersions"));
    TEMPLATE.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of(
            "Handler",
            "dev.utsushi.lambda.ReplicationHandler::handleRequest",
            "Timeout",
            30,
            "SnapStart",
            snapStart.get("SnapStart")),
        2);
    TEMPLATE.resourcePropertiesCountIs("AWS::Lambda::Function", snapStart, 2);
  }

  @Test
  void whatSourcesInvokeIsAPublishedVersion() {
    TEMPLATE.allResourcesProperties("AWS::Lambda::Alias", Map.of("Name", "live"));
    TEMPLATE.resourceCountIs("AWS::Lambda::Alias", 4);
  }

  @Test
  void captureTakesFailuresFromTheirQueue() {
    TEMPLATE.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of(
            "EventSourceArn",
            attribute(only("AWS::SQS::Queue", "activitylogsFailures")),
            "FunctionName",
            Map.of("Ref", only("AWS::Lambda::Alias", "activitylogsCapture")),
            "FunctionResponseTypes",
            List.of("ReportBatchItemFailures"),
            "BatchSize",
            10));
    TEMPLATE.hasResourceProperties(
        "AWS::SQS::Queue",
        Map.of(
            "VisibilityTimeout",
            6 * 90,
            "DelaySeconds",
            Match.absent(),
            "RedrivePolicy",
            Map.of(
                "deadLetterTargetArn",
                attribute(only("AWS::SQS::Queue", "activitylogsDeadLetters")),
                "maxReceiveCount",
                5)));
    TEMPLATE.hasResourceProperties(
        "AWS::SQS::Queue",
        Map.of("MaximumMessageSize", 1_048_576, "RedrivePolicy", Match.absent()));
  }

  @Test
  void captureAndReplayKnowTheirTableAndTheirQueue() {
    Map<String, Object> known =
        Map.of(
            "UTSUSHI_INDEX",
            "activity-logs",
            "UTSUSHI_TABLE_ARN",
            attribute(only("AWS::DynamoDB::GlobalTable", "activitylogsTable")),
            "UTSUSHI_DEAD_LETTER_QUEUE_URL",
            Map.of("Ref", only("AWS::SQS::Queue", "activitylogsDeadLetters")));
    TEMPLATE.resourcePropertiesCountIs(
        "AWS::Lambda::Function", Map.of("Environment", Map.of("Variables", known)), 2);
    TEMPLATE.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Handler",
            "dev.utsushi.lambda.ReplayHandler::handleRequest",
            "Timeout",
            300,
            "Environment",
            Map.of("Variables", known)));
    TEMPLATE.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Environment",
            Map.of(
                "Variables",
                Map.of(
                    "UTSUSHI_TABLE_ARN",
                    "arn:aws:dynamodb:eu-central-1:123456789012:table/deals",
                    "UTSUSHI_SECOND_CHANCE",
                    "false"))));
  }

  @Test
  void runsTakeSegmentsFromTheirQueue() {
    String queue = only("AWS::SQS::Queue", "activitylogsSegments");
    String runs = only("AWS::DynamoDB::Table", "activitylogsRuns");
    TEMPLATE.hasResourceProperties(
        "AWS::Lambda::EventSourceMapping",
        Map.of(
            "EventSourceArn",
            attribute(queue),
            "FunctionName",
            Map.of("Fn::GetAtt", List.of(only(FUNCTION, "activitylogsRunFunction"), "Arn")),
            "FunctionResponseTypes",
            List.of("ReportBatchItemFailures"),
            "BatchSize",
            1,
            "ScalingConfig",
            Map.of("MaximumConcurrency", 5)));
    TEMPLATE.hasResourceProperties(
        "AWS::SQS::Queue",
        Map.of(
            "VisibilityTimeout",
            2 * 120,
            "RedrivePolicy",
            Map.of(
                "deadLetterTargetArn",
                attribute(only("AWS::SQS::Queue", "activitylogsSegmentDeadLetters")),
                "maxReceiveCount",
                5)));
    TEMPLATE.hasResourceProperties(
        FUNCTION,
        Map.of(
            "Handler",
            "dev.utsushi.lambda.RunHandler::handleRequest",
            "Timeout",
            120,
            "MemorySize",
            1024,
            "SnapStart",
            Match.absent(),
            "Environment",
            Map.of(
                "Variables",
                Map.of(
                    "UTSUSHI_INDEX",
                    "activity-logs",
                    "UTSUSHI_TABLE_ARN",
                    attribute(only("AWS::DynamoDB::GlobalTable", "activitylogsTable")),
                    "UTSUSHI_RUN_TABLE",
                    Map.of("Ref", runs),
                    "UTSUSHI_SEGMENT_QUEUE_URL",
                    Map.of("Ref", queue),
                    "UTSUSHI_MAXIMUM_CONCURRENCY",
                    "5"))));
  }

  /** Progress can be lost; a table that stays would cost money. */
  @Test
  void theTableOfRunsGoesWithTheStackAndForgetsOldRuns() {
    TEMPLATE.hasResource(
        "AWS::DynamoDB::Table",
        Map.of(
            "DeletionPolicy",
            "Delete",
            "Properties",
            Match.objectLike(
                Map.of(
                    "BillingMode",
                    "PAY_PER_REQUEST",
                    "KeySchema",
                    List.of(
                        Map.of("AttributeName", "run", "KeyType", "HASH"),
                        Map.of("AttributeName", "segment", "KeyType", "RANGE")),
                    "AttributeDefinitions",
                    List.of(
                        Map.of("AttributeName", "run", "AttributeType", "S"),
                        Map.of("AttributeName", "segment", "AttributeType", "N")),
                    "TimeToLiveSpecification",
                    Map.of("AttributeName", "expires", "Enabled", true),
                    "StreamSpecification",
                    Match.absent()))));
  }

  @Test
  void captureReplayAndRunsHaveTheFilterPatternsOfTheMapping() {
    Template template =
        Stacks.template(SEARCH + STREAMS + "    filterPatterns: [{ eventName: [INSERT] }]\n");
    template.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of(
            "Environment",
            Map.of(
                "Variables", Map.of("UTSUSHI_FILTER_PATTERNS", "[{\"eventName\":[\"INSERT\"]}]"))),
        3);
  }

  @Test
  void everyFunctionKnowsItsTable() {
    TEMPLATE.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of("Environment", Map.of("Variables", Map.of("UTSUSHI_TABLE_ARN", Match.anyValue()))),
        8);
  }

  @Test
  void aSecondChanceIsADelayAndASetting() {
    Template template = Stacks.template(SEARCH + SECOND_CHANCE + STREAMS);
    template.resourcePropertiesCountIs("AWS::SQS::Queue", Map.of("DelaySeconds", 60), 2);
    template.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of(
            "Handler",
            "dev.utsushi.lambda.CaptureHandler::handleRequest",
            "Environment",
            Map.of("Variables", Map.of("UTSUSHI_SECOND_CHANCE", "true"))),
        2);
  }

  /** Capture talks to the engine for the second chance alone: without it, it needs no network. */
  @Test
  void onlyWhatTalksToTheEngineIsInItsNetwork() {
    Map<String, Object> inVpc =
        Map.of(
            "VpcConfig",
            Map.of("SubnetIds", List.of("subnet-0123456789abcdef0", "subnet-0123456789abcdef1")));
    Stacks.template(SECRET + VPC + STREAMS)
        .resourcePropertiesCountIs("AWS::Lambda::Function", inVpc, 6);
    Stacks.template(SECRET + VPC + SECOND_CHANCE + STREAMS)
        .resourcePropertiesCountIs("AWS::Lambda::Function", inVpc, 8);
  }

  @ParameterizedTest
  @CsvSource({"1, subnet-a1", "2, subnet-a1 subnet-b1", "3, subnet-a1 subnet-b1 subnet-c1"})
  void theDomainHasOneSubnetAZoneAndTheFunctionsHaveAll(int zones, String domains) {
    Template template =
        Stacks.template(
            "search: { newDomain: { dataNodes: 6, zones: %d } }\n".formatted(zones)
                + """
                vpc:
                  id: vpc-0123456789abcdef0
                  subnets:
                    - { id: subnet-a1, availabilityZone: eu-central-1a }
                    - { id: subnet-a2, availabilityZone: eu-central-1a }
                    - { id: subnet-b1, availabilityZone: eu-central-1b }
                    - { id: subnet-c1, availabilityZone: eu-central-1c }
                """
                + STREAMS);
    template.hasResourceProperties(
        "AWS::OpenSearchService::Domain",
        Map.of("VPCOptions", Map.of("SubnetIds", List.of(domains.split(" ")))));
    template.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of(
            "VpcConfig",
            Map.of("SubnetIds", List.of("subnet-a1", "subnet-a2", "subnet-b1", "subnet-c1"))),
        6);
  }

  /** What CloudFormation takes in one stack; the settings refuse one stream more. */
  @Test
  void asManyStreamsAsTheSettingsAllowFitIntoAStack() {
    assertFits(11, "secondChanceSeconds: 60");
    assertFits(10, "secondChanceSeconds: 60, " + Stacks.SCHEDULES);
  }

  private static void assertFits(int count, String defaults) {
    StringBuilder streams = new StringBuilder("streams:\n");
    for (int i = 0; i < count; i++) {
      streams.append("  - { index: i%d, table: { create: { partitionKey: id } } }\n".formatted(i));
    }
    Map<String, Object> template =
        Stacks.template(TOPIC + SEARCH + VPC + "defaults: { " + defaults + " }\n" + streams)
            .toJSON();
    assertThat((Map<?, ?>) template.get("Resources")).hasSizeLessThanOrEqualTo(500);
  }

  @Test
  void theFunctionKnowsItsTable() {
    TEMPLATE.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Environment",
            Map.of(
                "Variables",
                Map.of(
                    "UTSUSHI_INDEX", "activity-logs",
                    "UTSUSHI_PARTITION_KEY", "dealId",
                    "UTSUSHI_SORT_KEY", "actionKey",
                    "UTSUSHI_SEARCH_AUTH", "sigv4",
                    "UTSUSHI_TTL_DELETES", "delete"))));
  }

  @Test
  void deadLettersAreEncryptedByTlsOnlyAndKeptTwoWeeks() {
    TEMPLATE.allResourcesProperties(
        "AWS::SQS::Queue", Map.of("SqsManagedSseEnabled", true, "MessageRetentionPeriod", 1209600));
    TEMPLATE.allResourcesProperties(
        "AWS::SQS::QueuePolicy",
        Map.of(
            "PolicyDocument",
            Match.objectLike(
                Map.of(
                    "Statement",
                    List.of(
                        Match.objectLike(
                            Map.of(
                                "Effect",
                                "Deny",
                                "Condition",
                                Map.of("Bool", Map.of("aws:SecureTransport", "false")))))))));
  }

  @Test
  void theTableOutlivesTheStack() {
    TEMPLATE.hasResource(
        "AWS::DynamoDB::GlobalTable",
        Map.of("DeletionPolicy", "Retain", "UpdateReplacePolicy", "Retain"));
    TEMPLATE.hasResource(
        "AWS::OpenSearchService::Domain",
        Map.of("DeletionPolicy", "RetainExceptOnCreate", "UpdateReplacePolicy", "Retain"));
  }

  @Test
  void aNewVersionUpgradesTheDomainInPlace() {
    TEMPLATE.hasResource(
        "AWS::OpenSearchService::Domain",
        Map.of("UpdatePolicy", Map.of("EnableVersionUpgrade", true)));
  }

  @Test
  void noRequestToTheDomainNamesAnotherIndexInItsBody() {
    TEMPLATE.hasResourceProperties(
        "AWS::OpenSearchService::Domain",
        Map.of(
            "AdvancedOptions",
            Match.objectLike(Map.of("rest.action.multi.allow_explicit_index", "false"))));
  }

  @Test
  void onlyTheDomainOfThisAccountWritesItsLogs() {
    assertThat(TEMPLATE.findResources("AWS::Logs::ResourcePolicy").toString())
        .contains("aws:SourceAccount")
        .contains("aws:SourceArn");
  }

  @Test
  void stacksWithLongNamesHaveDomainsOfTheirOwn() {
    String name = "stack: production-orders-replication-%s\n";
    assertThat(Stream.of("blue", "green").map(name::formatted).map(this::domainName))
        .doesNotHaveDuplicates()
        .allSatisfy(it -> assertThat(it).matches("production-orders-r-[0-9a-f]{8}"));
    assertThat(domainName("stack: Production-orders-12345678\n"))
        .isEqualTo("production-orders-12345678");
  }

  private String domainName(String stack) {
    return JSON.valueToTree(
            Stacks.template(stack + SEARCH + STREAMS)
                .findResources("AWS::OpenSearchService::Domain"))
        .findPath("DomainName")
        .asText();
  }

  @Test
  void everyFunctionReportsForItsStackAndIndex() {
    TEMPLATE.resourcePropertiesCountIs(
        "AWS::Lambda::Function",
        Map.of("Environment", Map.of("Variables", Map.of("UTSUSHI_STACK", "utsushi"))),
        8);
  }

  @Test
  void theDomainIsEncryptedOnDiskAndOnEveryWay() {
    TEMPLATE.hasResourceProperties(
        "AWS::OpenSearchService::Domain",
        Map.of(
            "EngineVersion", "OpenSearch_3.5",
            "EncryptionAtRestOptions", Map.of("Enabled", true),
            "NodeToNodeEncryptionOptions", Map.of("Enabled", true),
            "DomainEndpointOptions",
                Map.of(
                    "EnforceHTTPS", true, "TLSSecurityPolicy", "Policy-Min-TLS-1-2-PFS-2023-10")));
  }

  @Test
  void aSecretIsNamedToTheFunctionAndItsContentIsNot() {
    Stacks.template(SECRET + STREAMS)
        .hasResourceProperties(
            "AWS::Lambda::Function",
            Map.of(
                "Environment",
                Map.of(
                    "Variables",
                    Match.objectLike(
                        Map.of(
                            "UTSUSHI_SEARCH_ENDPOINT", "https://search.example.com:9200",
                            "UTSUSHI_SEARCH_AUTH", "basic",
                            "UTSUSHI_SEARCH_SECRET_ARN",
                                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SEARCH,
        SEARCH + VPC,
        "search: { newDomain: { dataNodes: 4, zones: 2, dedicatedMasters: three } }\n" + VPC,
        SECRET,
        SECRET + VPC,
        EXISTING_DOMAIN,
        EXISTING_DOMAIN + VPC,
        SECRET + VPC + SECOND_CHANCE
      })
  void nothingIsLeftThatCdkNagOrTheLibraryFinds(String search) {
    UtsushiStack stack = Stacks.lenientStack(search + STREAMS);
    Template.fromStack(stack);

    var annotations = Annotations.fromStack(stack);
    annotations.hasNoError("*", Match.anyValue());
    annotations.hasNoWarning("*", Match.anyValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{dynamodb: {Keys: {id: {S: [a]}}}} | ",
        "{eventName: [INSERT, MODIFY]} | REMOVE",
        "{eventName: [REMOVE, MODIFY]} | INSERT",
        "{dynamodb: {NewImage: {kind: {S: [call]}}}} | INSERT MODIFY REMOVE",
        "{dynamodb: {NewImage: {kind: {S: [call]}}}}, {eventName: [REMOVE]} | INSERT MODIFY",
        "{userIdentity: {type: [Service]}} | INSERT MODIFY REMOVE",
      })
  void aFilterThatLeavesDocumentsBehindIsToldAtSynth(String patterns, @Nullable String events) {
    UtsushiStack stack =
        Stacks.lenientStack(SECRET + STREAMS + "    filterPatterns: [" + patterns + "]\n");
    Template.fromStack(stack);
    var annotations = Annotations.fromStack(stack);
    for (String event : List.of("INSERT", "MODIFY", "REMOVE")) {
      var warning = Match.stringLikeRegexp("No filter pattern takes every " + event + " of .*");
      if (events != null && events.contains(event)) {
        annotations.hasWarning("/utsushi/deals", warning);
      } else {
        annotations.hasNoWarning("*", warning);
      }
    }
  }

  @Test
  void whatCdkNagFindsIsAnError() {
    UtsushiStack stack = Stacks.lenientStack(SECRET + STREAMS);
    Queue.Builder.create(stack, "Open").build();
    Template.fromStack(stack);

    Annotations.fromStack(stack)
        .hasError("/utsushi/Open/Resource", Match.stringLikeRegexp("AwsSolutions-SQS4.*"));
  }

  private static String only(String type, String prefix) {
    return TEMPLATE.findResources(type).keySet().stream()
        .filter(id -> id.startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> attribute(String id) {
    return Map.of("Fn::GetAtt", List.of(Objects.requireNonNull(id), "Arn"));
  }
}
