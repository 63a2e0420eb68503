package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.utsushi.local.permission.Access;
import dev.utsushi.local.permission.PolicySimulator.Policies;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The policies of a template: of its roles, its queues and its domain. Managed policies are left
 * out.
 */
final class TemplatePolicies {
  private static final String ROLE = "AWS::IAM::Role";
  private static final String ROLE_POLICY = "AWS::IAM::Policy";
  private static final String QUEUE_POLICY = "AWS::SQS::QueuePolicy";

  private final Template template;
  private final Intrinsics intrinsics;
  private final StackPlan plan;

  TemplatePolicies(StackPlan plan) {
    this.plan = plan;
    template = plan.template();
    var reader = new ResourceReader(template, plan.bindings(), new HashSet<>());
    intrinsics =
        new Intrinsics(
            (name, attribute, where) -> {
              boolean isRole = template.resource(name).path("Type").asText().equals(ROLE);
              return isRole
                  ? TextNode.valueOf(Access.roleArn(name))
                  : reader.value(name, attribute, where);
            });
  }

  /** Returns the role that a property of a resource names; empty if it is not the template's. */
  String role(String logicalId, String property) {
    return template.resource(logicalId).at("/Properties/" + property + "/Fn::GetAtt/0").asText();
  }

  /** Returns the name of a function's log group; empty if the template does not make it. */
  String logGroup(String function) {
    return intrinsics
        .resolve(template.resource(function).at("/Properties/LoggingConfig/LogGroup"), function)
        .asText();
  }

  Policies policies(Access access) {
    return new Policies(identity(access.role()), ofResource(access.resource()));
  }

  private List<JsonNode> identity(String role) {
    Stream<JsonNode> inline = template.resource(role).at("/Properties/Policies").valueStream();
    Stream<JsonNode> attached =
        of(ROLE_POLICY)
            .filter(policy -> policy.at("/Properties/Roles").findValuesAsText("Ref").contains(role))
            .map(policy -> policy.path("Properties"));
    return Stream.concat(inline, attached)
        .map(policy -> resolved(policy.path("PolicyDocument")))
        .toList();
  }

  /** A queue has a policy of its own, and a domain those of its access. */
  private ObjectNode ofResource(String arn) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    ArrayNode statements = policy.putArray("Statement");
    documents(arn).forEach(each -> each.path("Statement").forEach(statements::add));
    return policy;
  }

  private Stream<JsonNode> documents(String arn) {
    Stream<JsonNode> queues =
        plan.of(Resource.QUEUE)
            .filter(queue -> queue.arn().equals(arn))
            .flatMap(
                queue ->
                    of(QUEUE_POLICY)
                        .filter(
                            each ->
                                each.at("/Properties/Queues")
                                    .findValuesAsText("Ref")
                                    .contains(queue.logicalId())))
            .map(policy -> policy.at("/Properties/PolicyDocument"));
    Stream<JsonNode> domains =
        plan.of(Resource.DOMAIN)
            .filter(domain -> arn.startsWith(domain.arn() + '/'))
            .map(domain -> template.resource(domain.logicalId()))
            .map(domain -> domain.at("/Properties/AccessPolicies"));
    return Stream.concat(queues, domains).map(this::resolved);
  }

  private JsonNode resolved(JsonNode document) {
    return intrinsics.resolve(document, "a policy");
  }

  private Stream<JsonNode> of(String type) {
    return template
        .root()
        .path("Resources")
        .valueStream()
        .filter(resource -> resource.path("Type").asText().equals(type));
  }

  /** Returns every action that a role is granted, by role. */
  Map<String, Set<String>> granted() {
    Map<String, Set<String>> granted =
        template
            .root()
            .path("Resources")
            .propertyStream()
            .filter(resource -> resource.getValue().path("Type").asText().equals(ROLE))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, role -> actions(identity(role.getKey()).stream())));
    plan.of(Resource.DOMAIN)
        .flatMap(domain -> documents(domain.arn() + "/"))
        .flatMap(document -> document.path("Statement").valueStream())
        .forEach(
            statement ->
                texts(statement.at("/Principal/AWS"))
                    .map(arn -> granted.get(arn.replaceFirst(".*/", "")))
                    .flatMap(Stream::ofNullable)
                    .forEach(actions -> texts(statement.path("Action")).forEach(actions::add)));
    return granted;
  }

  private static Set<String> actions(Stream<JsonNode> documents) {
    return documents
        .flatMap(document -> document.path("Statement").valueStream())
        .flatMap(statement -> texts(statement.path("Action")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> texts(JsonNode oneOrMore) {
    return oneOrMore.isTextual()
        ? Stream.of(oneOrMore.asText())
        : StreamSupport.stream(oneOrMore.spliterator(), false).map(JsonNode::asText);
  }
}
