package dev.utsushi.infra.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.infra.stack.Stacks;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two templates in turn, synthesized from settings before and after a change. */
class StatefulChangesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String BEFORE =
      """
      search: { newDomain: {} }
      streams:
        - index: calls
          table: { create: { name: calls, partitionKey: id } }
        - index: deals
          table: { create: { partitionKey: id } }
        - index: people
          table:
            existing:
              arn: arn:aws:dynamodb:eu-central-1:123456789012:table/people
              streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/people/stream/2026-11-01T00:00:00.000
              partitionKey: id
      """;
  private static final String VPC =
      """
      vpc:
        id: vpc-0123456789abcdef0
        subnets:
          - { id: subnet-0123456789abcdef0, availabilityZone: eu-central-1a }
      """;

  @Test
  void whatIsUpdatedInPlaceIsNoFinding() {
    assertThat(
            changes(
                BEFORE,
                """
                defaults: { parallelizationFactor: 3, memoryMib: 512, secondChanceSeconds: 5 }
                logRetentionDays: 7
                """
                    + BEFORE.replace("{ newDomain: {} }", "{ newDomain: { dataNodes: 4 } }")))
        .isEmpty();
    assertThat(changes(VPC + BEFORE, VPC.replace("subnet-0", "subnet-f") + BEFORE)).isEmpty();
  }

  @Test
  void anotherEngineVersionUpgradesTheDomainInPlace() {
    String domain = "newDomain: { engineVersion: OpenSearch_%s }";
    String before = BEFORE.replace("newDomain: {}", domain.formatted("2.19"));
    String after = BEFORE.replace("newDomain: {}", domain.formatted("3.5"));

    assertThat(changes(before, after)).isEmpty();
    JsonNode old = theDomain(before);
    JsonNode upgraded = theDomain(after);
    assertThat(old.at("/Properties/EngineVersion").asText()).isEqualTo("OpenSearch_2.19");
    assertThat(upgraded.at("/Properties/EngineVersion").asText()).isEqualTo("OpenSearch_3.5");
    // CloudFormation reads the policy of the new template: without it, the domain is replaced.
    assertThat(upgraded.at("/UpdatePolicy/EnableVersionUpgrade").asBoolean()).isTrue();
    ((ObjectNode) old.path("Properties")).remove("EngineVersion");
    ((ObjectNode) upgraded.path("Properties")).remove("EngineVersion");
    assertThat(upgraded).isEqualTo(old);
  }

  private static JsonNode theDomain(String settings) {
    return template(settings)
        .path("Resources")
        .valueStream()
        .filter(it -> it.path("Type").asText().equals("AWS::OpenSearchService::Domain"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aChangedStartingPositionFailsTheUpdate() {
    assertThat(changes(BEFORE, "defaults: { startingPosition: LATEST }\n" + BEFORE))
        .hasSize(3)
        .allSatisfy(
            it ->
                assertThat(it)
                    .contains(
                        "(AWS::Lambda::EventSourceMapping) is replaced, since StartingPosition",
                        "Lambda refuses a second mapping of one stream and function"));
  }

  @Test
  void anotherStreamReplacesItsMapping() {
    assertThat(changes(BEFORE, BEFORE.replace("2026-11-01T", "2026-11-02T")))
        .singleElement()
        .asString()
        .startsWith("peopleEventSourceMapping")
        .contains(" is replaced, since EventSourceArn changes.", "are not read by then are lost");
  }

  @Test
  void anotherKeyOrNameReplacesATableAndItsMapping() {
    assertThat(
            changes(
                BEFORE, BEFORE.replace("create: { partitionKey: id", "create: { partitionKey: at")))
        .satisfiesExactly(
            table ->
                assertThat(table)
                    .startsWith("dealsTable")
                    .contains(
                        "(AWS::DynamoDB::GlobalTable) is replaced, since KeySchema and"
                            + " AttributeDefinitions changes.",
                        "creates another table, which is empty"),
            mapping ->
                assertThat(mapping)
                    .startsWith("dealsEventSourceMapping")
                    .contains("since EventSourceArn changes"));
    assertThat(changes(BEFORE, BEFORE.replace("name: calls", "name: phone")))
        .satisfiesExactly(
            table -> assertThat(table).startsWith("callsTable").contains("since TableName changes"),
            mapping -> assertThat(mapping).startsWith("callsEventSourceMapping"));
    assertThat(
            changes(BEFORE, BEFORE.replace("calls, partitionKey: id", "calls, partitionKey: at"))
                .getFirst())
        .contains("can't replace a table whose name is set, and the update fails");
    assertThat(
            changes(
                BEFORE,
                BEFORE.replace(
                    "partitionKey: id } }\n  - index: p",
                    "partitionKey: id, partitionKeyType: N } }\n  - index: p")))
        .first()
        .asString()
        .contains("since AttributeDefinitions changes");
  }

  @Test
  void aDomainIsReplacedByItsNameAndCannotMoveIntoAVpc() {
    assertThat(changes(BEFORE, BEFORE.replace("newDomain: {}", "newDomain: { name: other }")))
        .singleElement()
        .asString()
        .contains("(AWS::OpenSearchService::Domain) is replaced, since DomainName changes.");
    String key = "newDomain: { kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/0a1b }";
    assertThat(changes(BEFORE, BEFORE.replace("newDomain: {}", key)))
        .singleElement()
        .asString()
        .contains("EncryptionAtRestOptions changes. CloudFormation deletes the domain");
    assertThat(changes(BEFORE, VPC + BEFORE))
        .singleElement()
        .asString()
        .contains(" enters its VPC: Amazon OpenSearch Service refuses that");
    assertThat(changes(VPC + BEFORE, BEFORE))
        .singleElement()
        .asString()
        .contains(" leaves its VPC");
  }

  @Test
  void aStreamUnderAnotherIndexIsRemoved() {
    assertThat(changes(BEFORE, BEFORE.replace("index: deals", "index: chances")))
        .hasSize(12)
        .allMatch(it -> it.startsWith("deals"))
        .anyMatch(it -> it.contains("GlobalTable) leaves the stack and stays in the account."))
        .anyMatch(it -> it.contains("Queue) is deleted. Replay its messages first"))
        .anyMatch(it -> it.contains("LogGroup) is deleted. Export what you need first."))
        .anyMatch(it -> it.contains("Mapping) is deleted. Changes are no longer indexed"));
  }

  /** No setting of ours names these. */
  @Test
  void anotherNameReplacesAQueueOrALogGroup() throws Exception {
    String resources =
        """
        {"Resources": {
          "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a"}},
          "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "a"}}}}
        """;
    assertThat(
            StatefulChanges.between(
                JSON.readTree(resources), JSON.readTree(resources.replace("\"a\"", "\"b\""))))
        .satisfiesExactly(
            queue -> assertThat(queue).contains("QueueName changes", "with its messages"),
            logs -> assertThat(logs).contains("LogGroupName changes"));
  }

  private static List<String> changes(String before, String after) {
    return StatefulChanges.between(template(before), template(after));
  }

  private static JsonNode template(String settings) {
    return JSON.valueToTree(Stacks.template(settings).toJSON());
  }
}
