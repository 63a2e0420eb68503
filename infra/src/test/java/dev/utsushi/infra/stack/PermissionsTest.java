package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static dev.utsushi.infra.stack.Stacks.KEY;
import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECOND_CHANCE;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.VPC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every action that anybody is allowed: a new one is a decision, and this list is where it is. */
class PermissionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> OF_EVERY_STREAM =
      List.of(
          "dynamodb:BatchGetItem",
          "dynamodb:DescribeStream",
          "dynamodb:DescribeTable",
          "dynamodb:GetItem",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
          "dynamodb:PutItem",
          "dynamodb:Query",
          "dynamodb:Scan",
          "dynamodb:UpdateItem",
          "logs:CreateLogStream",
          "logs:FilterLogEvents",
          "logs:PutLogEvents",
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
          "sqs:SendMessage",
          "sts:AssumeRole");
  private static final List<String> OF_A_DOMAIN =
      List.of("es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut");
  private static final List<String> OF_A_VPC =
      List.of(
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses");
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/deals";
  private static final String LABEL = "/stream/2026-11-01T00:00:00.000";

  private static final String GET =
      "es:ESHttpGet /_component_template/utsushi-deals /deals-000??? /deals-write"
          + " /deals-write-new /deals-write-old";

  private static final String PUT =
      "es:ESHttpPut /_component_template/utsushi-deals /deals-000??? /deals-000???/_alias/deals"
          + " /deals-000???/_alias/deals-write /deals-000???/_mapping /deals-write-new/_mapping"
          + " /deals-write-old/_mapping /deals-write/_mapping";

  private static final String BULK =
      "es:ESHttpPost /deals-write-new/_bulk /deals-write-old/_bulk /deals-write/_bulk";

  @Test
  void withANewDomain() {
    assertThat(actions(SEARCH)).containsExactlyInAnyOrderElementsOf(with(OF_A_DOMAIN));
  }

  @Test
  void withAnExistingDomain() {
    assertThat(actions(EXISTING_DOMAIN)).containsExactlyInAnyOrderElementsOf(with(OF_A_DOMAIN));
  }

  @Test
  void withASecret() {
    assertThat(actions(SECRET))
        .containsExactlyInAnyOrderElementsOf(with(List.of("secretsmanager:GetSecretValue")));
  }

  @Test
  void inAVpc() {
    List<String> all = new ArrayList<>(OF_A_VPC);
    all.add("secretsmanager:GetSecretValue");
    assertThat(actions(SECRET + VPC)).containsExactlyInAnyOrderElementsOf(with(all));
  }

  @Test
  void ofTheReplication() {
    assertThat(ofRole(EXISTING_DOMAIN, "dealsReplication"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream,logs:PutLogEvents dealsReplicationLogs",
            "dynamodb:DescribeStream,dynamodb:GetRecords,dynamodb:GetShardIterator,"
                + "dynamodb:ListStreams "
                + TABLE
                + LABEL,
            "sqs:SendMessage dealsFailures",
            GET,
            PUT,
            BULK);
  }

  @Test
  void ofCaptureWhichOnlyMovesWhatItReads() {
    assertThat(ofRole(EXISTING_DOMAIN, "dealsCapture"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream,logs:PutLogEvents dealsCaptureLogs",
            "dynamodb:GetRecords,dynamodb:GetShardIterator " + TABLE + "/stream/*",
            "sqs:DeleteMessage,sqs:GetQueueAttributes,sqs:ReceiveMessage dealsFailures",
            "sqs:SendMessage dealsDeadLetters",
            "logs:FilterLogEvents dealsReplicationLogs");
  }

  @Test
  void ofCaptureWithASecondChanceWhichAlsoWrites() {
    assertThat(ofRole(EXISTING_DOMAIN + SECOND_CHANCE, "dealsCapture"))
        .hasSize(7)
        .contains(GET, PUT, BULK)
        .noneMatch(statement -> statement.contains("FilterLogEvents"));
  }

  @Test
  void ofReplayWhichAlsoLooksAtDocuments() {
    assertThat(ofRole(EXISTING_DOMAIN, "dealsReplay"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream,logs:PutLogEvents dealsReplayLogs",
            "dynamodb:GetRecords,dynamodb:GetShardIterator " + TABLE + "/stream/*",
            "sqs:ChangeMessageVisibility,sqs:DeleteMessage,sqs:ReceiveMessage dealsDeadLetters",
            "es:ESHttpGet /_component_template/utsushi-deals /deals-000??? /deals-000???/_count"
                + " /deals-write /deals-write-new /deals-write-new/_count /deals-write-new/_search"
                + " /deals-write-old /deals-write-old/_count /deals-write-old/_search"
                + " /deals-write/_count /deals-write/_search /deals/_count",
            PUT.replace(
                "/_mapping /deals-write-new", "/_mapping /deals-000???/_settings /deals-write-new"),
            "es:ESHttpPost /deals-write-new/_bulk /deals-write-new/_mget /deals-write-old/_bulk"
                + " /deals-write-old/_mget /deals-write/_bulk /deals-write/_mget",
            "es:ESHttpDelete /_component_template/utsushi-deals");
  }

  /** Its body can name any index of the domain, out of IAM's sight. */
  @Test
  void nobodyChangesSeveralAliasesAtOnceUnlessIndexesAreRebuilt() {
    String aliases = "domain/search/_aliases\"";
    assertThat(allowed(EXISTING_DOMAIN)).noneMatch(it -> it.toString().contains(aliases));
    assertThat(statements(EXISTING_DOMAIN + STREAMS + "    reindex: true\n", "dealsReplay"))
        .filteredOn(statement -> statement.contains(" /_aliases /deals-000???/_refresh "))
        .hasSize(1);
  }

  @Test
  void ofRunsWhichReadTheTableAndAllDocuments() {
    assertThat(ofRole(EXISTING_DOMAIN, "dealsRun"))
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream,logs:PutLogEvents dealsRunLogs",
            "dynamodb:BatchGetItem,dynamodb:DescribeTable,dynamodb:Scan " + TABLE,
            "dynamodb:GetItem,dynamodb:PutItem,dynamodb:Query,dynamodb:UpdateItem dealsRuns",
            "sqs:ChangeMessageVisibility,sqs:DeleteMessage,sqs:GetQueueAttributes,"
                + "sqs:ReceiveMessage,sqs:SendMessage dealsSegments",
            GET.replace(" /deals-000", " /deals /deals-000"),
            PUT,
            "es:ESHttpPost /deals-write-new/_bulk /deals-write-new/_mget /deals-write-new/_refresh"
                + " /deals-write-new/_search /deals-write-old/_bulk /deals-write-old/_mget"
                + " /deals-write-old/_refresh /deals-write-old/_search /deals-write/_bulk"
                + " /deals-write/_mget /deals-write/_refresh /deals-write/_search");
  }

  /** Nobody but the scheduler of this account has the role. */
  @Test
  void ofSchedulesWhichOnlySend() {
    String schedules = "defaults: { " + Stacks.SCHEDULES + " }\n";
    String yaml = schedules + EXISTING_DOMAIN + STREAMS;
    String send = "sqs:SendMessage dealsSegments";
    assertThat(ofScheduler(yaml)).containsExactly(send);
    assertThat(ofScheduler("kmsKeyArn: " + KEY + '\n' + yaml))
        .containsExactly(send, "kms:Decrypt,kms:GenerateDataKey " + KEY);
    assertThat(scheduler(yaml).at("/Properties/AssumeRolePolicyDocument/Statement").toString())
        .isEqualTo(
            "[{\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":"
                + "{\"aws:SourceAccount\":{\"Ref\":\"AWS::AccountId\"}}},\"Effect\":\"Allow\","
                + "\"Principal\":{\"Service\":\"scheduler.amazonaws.com\"}}]");
    assertThat(statements(yaml, "dealsSchedules")).isEmpty();
  }

  private static List<String> ofScheduler(String yaml) {
    JsonNode policies = scheduler(yaml).at("/Properties/Policies");
    assertThat(policies).hasSize(1);
    return policies
        .at("/0/PolicyDocument/Statement")
        .valueStream()
        .map(statement -> actionsOf(statement) + ' ' + paths(statement))
        .toList();
  }

  private static JsonNode scheduler(String yaml) {
    JsonNode roles = JSON.valueToTree(Stacks.template(yaml).findResources("AWS::IAM::Role"));
    return roles
        .propertyStream()
        .filter(role -> role.getKey().startsWith("dealsSchedulesRole"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ofATablesKeyWhichDecryptsRecordsAndItems() {
    String key = "        kmsKeyArn: " + KEY + '\n';
    for (String role : List.of("dealsReplication", "dealsCapture", "dealsReplay", "dealsRun")) {
      assertThat(added(EXISTING_DOMAIN + STREAMS, EXISTING_DOMAIN + STREAMS + key, role))
          .as(role)
          .containsExactly("kms:Decrypt " + KEY);
    }
  }

  /** Of queues: who sends encrypts, who receives decrypts. CloudWatch Logs needs no role. */
  @Test
  void ofTheStacksKey() {
    String key = "kmsKeyArn: " + KEY + '\n';
    for (var use :
        Map.of(
                "dealsReplication", "kms:Decrypt,kms:GenerateDataKey ",
                "dealsCapture", "kms:Decrypt,kms:GenerateDataKey ",
                "dealsReplay", "kms:Decrypt ",
                "dealsRun", "kms:Decrypt,kms:GenerateDataKey ")
            .entrySet()) {
      String yaml = EXISTING_DOMAIN + STREAMS;
      assertThat(added(yaml, key + yaml, use.getKey()))
          .as(use.getKey())
          .containsExactly(use.getValue() + KEY);
    }
  }

  @Test
  void ofASecretsKeyForThoseWhoReachTheEngine() {
    String key = SECRET + "    kmsKeyArn: " + KEY + '\n';
    String decrypt = "kms:Decrypt " + KEY;
    assertThat(added(SECRET + STREAMS, key + STREAMS, "dealsReplication")).containsExactly(decrypt);
    assertThat(added(SECRET + STREAMS, key + STREAMS, "dealsReplay")).containsExactly(decrypt);
    assertThat(added(SECRET + STREAMS, key + STREAMS, "dealsRun")).containsExactly(decrypt);
    assertThat(added(SECRET + STREAMS, key + STREAMS, "dealsCapture")).isEmpty();
    String again = SECOND_CHANCE + STREAMS;
    assertThat(added(SECRET + again, key + again, "dealsCapture")).containsExactly(decrypt);
  }

  /** Of a table's streams, past ones too, and of nothing else. */
  @Test
  void noPermissionIsOfEverything() {
    assertThat(allowed(EXISTING_DOMAIN))
        .filteredOn(statement -> statement.path("Resource").toString().contains("*"))
        .hasSize(4)
        .allSatisfy(
            statement -> {
              assertThat(statement.path("Resource").toString()).contains("/stream/*\"");
              assertThat(statement.path("Action").toString())
                  .isEqualTo("[\"dynamodb:GetRecords\",\"dynamodb:GetShardIterator\"]");
            });
  }

  /** Each statement that a role has with one file and not with the other. */
  private static List<String> added(String without, String with, String prefix) {
    List<String> statements = statements(with, prefix);
    assertThat(statements.removeAll(statements(without, prefix))).isTrue();
    return statements;
  }

  private static List<String> ofRole(String search, String prefix) {
    return statements(search + STREAMS, prefix);
  }

  /** Each statement of the policies of one role: its actions, and what they are of. */
  static List<String> statements(String yaml, String prefix) {
    JsonNode resources = JSON.valueToTree(Stacks.template(yaml).toJSON()).path("Resources");
    List<String> statements = new ArrayList<>();
    for (JsonNode resource : resources) {
      boolean policy = resource.path("Type").asText().equals("AWS::IAM::Policy");
      if (policy && resource.at("/Properties/Roles").toString().contains(prefix + "Role")) {
        for (JsonNode statement : resource.at("/Properties/PolicyDocument/Statement")) {
          statements.add(actionsOf(statement) + ' ' + paths(statement));
        }
      }
    }
    return statements;
  }

  private static String actionsOf(JsonNode statement) {
    JsonNode action = statement.path("Action");
    return action.isArray()
        ? action.valueStream().map(JsonNode::asText).collect(Collectors.joining(","))
        : action.asText();
  }

  private static String paths(JsonNode statement) {
    List<String> paths = new ArrayList<>();
    JsonNode resource = statement.path("Resource");
    Iterable<JsonNode> resources = resource.isArray() ? resource : List.of(resource);
    for (JsonNode each : resources) {
      paths.add(
          each.isTextual()
              ? each.asText().replace("arn:aws:es:eu-central-1:123456789012:domain/search", "")
              : each.path("Fn::GetAtt").path(0).asText().replaceFirst("[0-9A-F]{8}$", ""));
    }
    return String.join(" ", paths);
  }

  private static List<String> with(List<String> others) {
    List<String> all = new ArrayList<>(OF_EVERY_STREAM);
    all.addAll(others);
    return all;
  }

  private static Set<String> actions(String search) {
    Set<String> actions = new TreeSet<>();
    for (JsonNode statement : allowed(search)) {
      JsonNode action = statement.path("Action");
      Iterable<JsonNode> each = action.isArray() ? action : List.of(action);
      each.forEach(name -> actions.add(name.asText()));
    }
    return actions;
  }

  /** Statements anywhere in the template that allow: of roles, of the domain, of the queue. */
  private static List<JsonNode> allowed(String search) {
    JsonNode template = JSON.valueToTree(Stacks.template(search + STREAMS).toJSON());
    return template.findParents("Effect").stream()
        .filter(statement -> statement.path("Effect").asText().equals("Allow"))
        .toList();
  }
}
