package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.VPC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every action that anybody is allowed: a new one is a decision, and this list is where it is. */
class PermissionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> OF_EVERY_STREAM =
      List.of(
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "sqs:SendMessage",
          "sts:AssumeRole");
  private static final List<String> OF_A_DOMAIN =
      List.of("es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut");
  private static final List<String> OF_A_VPC =
      List.of(
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses");

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
  void noPermissionIsOfEverythingAndEachIndexHasItsOwnPaths() {
    List<JsonNode> allowed = allowed(EXISTING_DOMAIN);

    assertThat(allowed).noneMatch(statement -> statement.path("Resource").toString().contains("*"));
    assertThat(
            allowed.stream()
                .filter(statement -> statement.path("Action").toString().contains("es:"))
                .map(statement -> statement.path("Action").asText() + ' ' + paths(statement)))
        .contains(
            "es:ESHttpGet /deals-write",
            "es:ESHttpPut /deals-000001 /deals-000001/_mapping /deals-write/_mapping",
            "es:ESHttpPost /_aliases /deals-write/_bulk",
            "es:ESHttpGet /activity-logs-write");
  }

  private static String paths(JsonNode statement) {
    List<String> paths = new ArrayList<>();
    JsonNode resource = statement.path("Resource");
    Iterable<JsonNode> resources = resource.isArray() ? resource : List.of(resource);
    for (JsonNode each : resources) {
      paths.add(each.asText().replace("arn:aws:es:eu-central-1:123456789012:domain/search", ""));
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
