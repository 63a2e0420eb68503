package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.VPC;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.sqs.Queue;

class UtsushiStackTest {
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
            Map.of("Ref", only("AWS::Lambda::Alias", "activitylogs")),
            "DestinationConfig",
            Map.of(
                "OnFailure",
                Map.of("Destination", attribute(only("AWS::SQS::Queue", "activitylogs"))))));
  }

  @Test
  void theFunctionIsAPublishedVersionWithSnapStartOnJava25() {
    TEMPLATE.allResourcesProperties(
        "AWS::Lambda::Function",
        Map.of(
            "Runtime", "java25",
            "Handler", "dev.utsushi.lambda.ReplicationHandler::handleRequest",
            "SnapStart", Map.of("ApplyOn", "PublishedVersions"),
            "Architectures", List.of("arm64"),
            "LoggingConfig",
                Match.objectLike(Map.of("LogFormat", "JSON", "ApplicationLogLevel", "INFO"))));
    TEMPLATE.allResourcesProperties("AWS::Lambda::Alias", Map.of("Name", "live"));
    TEMPLATE.resourceCountIs("AWS::Lambda::Function", 2);
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
    TEMPLATE.hasResource("AWS::OpenSearchService::Domain", Map.of("DeletionPolicy", "Retain"));
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
        EXISTING_DOMAIN + VPC
      })
  void nothingIsLeftThatCdkNagOrTheLibraryFinds(String search) {
    UtsushiStack stack = Stacks.lenientStack(search + STREAMS);
    Template.fromStack(stack);

    var annotations = Annotations.fromStack(stack);
    annotations.hasNoError("*", Match.anyValue());
    annotations.hasNoWarning("*", Match.anyValue());
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
