package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.template.RunningTemplate;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The synthesized template with policies that allow less: each is denied by name, as by AWS. */
final class PermissionIT {
  private static final SynthesizedStack STACK = SynthesizedStack.once();

  @Test
  void whatAPolicyDoesNotAllowIsDeniedByName() throws Exception {
    try (RunningTemplate running =
            STACK.startEnforced(
                resources -> {
                  removeAction(resources);
                  removePath(resources);
                  replacePrincipal(resources);
                });
        var checks = new ReplicationChecks(running)) {
      for (String stream :
          List.of(SynthesizedStack.VISITS, SynthesizedStack.DEALS, SynthesizedStack.ORDERS)) {
        checks.put(stream);
      }
      denies(checks, "sqs:SendMessage", "visitsFailures", "visitsReplicationRole");
      denies(checks, "es:ESHttpPost", "/deals-write/_bulk", "dealsReplicationRole");
      denies(checks, "es:ESHttpGet", "/orders-write", "ordersReplicationRole");
      assertThat(running.problems()).noneMatch(problem -> problem.contains("history"));
    } finally {
      STACK.clear();
    }
  }

  private static void denies(ReplicationChecks checks, String... parts) throws Exception {
    checks.await(
        "a denial of " + List.of(parts),
        () ->
            checks.running().problems().stream()
                .anyMatch(each -> each.contains("not allowed") && contains(each, parts)));
  }

  private static boolean contains(String text, String... parts) {
    return Stream.of(parts).allMatch(text::contains);
  }

  private static void removeAction(ObjectNode resources) {
    ObjectNode policy =
        SynthesizedStack.properties(
            resources, SynthesizedStack.VISITS + "ReplicationRole", "AWS::IAM::Policy");
    remove(
        policy.at("/PolicyDocument/Statement"),
        each -> each.path("Action").asText().equals("sqs:SendMessage"));
  }

  private static void removePath(ObjectNode resources) {
    String path = "/deals-write/_bulk";
    JsonNode writes =
        statements(resources)
            .filter(each -> each.path("Principal").toString().contains("dealsReplicationRole"))
            .filter(each -> each.path("Resource").toString().contains(path))
            .findFirst()
            .orElseThrow();
    remove(writes.path("Resource"), each -> each.toString().contains(path));
  }

  private static void replacePrincipal(ObjectNode resources) {
    String visits =
        resources
            .propertyStream()
            .map(Map.Entry::getKey)
            .filter(name -> name.matches("visitsReplicationRole[0-9A-F]{8}"))
            .findFirst()
            .orElseThrow();
    statements(resources)
        .forEach(
            statement -> {
              JsonNode role = statement.at("/Principal/AWS/Fn::GetAtt");
              if (role.path(0).asText().startsWith("ordersReplicationRole")) {
                ((ArrayNode) role).set(0, visits);
              }
            });
  }

  private static Stream<JsonNode> statements(ObjectNode resources) {
    return SynthesizedStack.properties(resources, "", "AWS::OpenSearchService::Domain")
        .at("/AccessPolicies/Statement")
        .valueStream();
  }

  private static void remove(JsonNode list, Predicate<JsonNode> which) {
    var elements = list.elements();
    int before = list.size();
    while (elements.hasNext()) {
      if (which.test(elements.next())) {
        elements.remove();
      }
    }
    assertThat(list.size()).isLessThan(before);
  }
}
