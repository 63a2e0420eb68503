package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds references to what the template does not have, also in the resources that have no meaning
 * here: CloudFormation refuses such a template before it makes anything.
 */
final class ReferenceCheck {
  private static final Pattern SUBSTITUTED = Pattern.compile("\\$\\{([^!}.][^}.]*)[^}]*}");

  private final Predicate<String> known;
  private final Problems problems;

  /**
   * @param known whether a parameter or a resource has this name
   */
  ReferenceCheck(Predicate<String> known, Problems problems) {
    this.known = known;
    this.problems = problems;
  }

  void check(ObjectNode resources) {
    for (var resource : resources.properties()) {
      JsonNode dependsOn = resource.getValue().path("DependsOn");
      if (dependsOn.isTextual()) {
        require(dependsOn.asText(), resource.getKey());
      }
      dependsOn.forEach(name -> require(name.asText(), resource.getKey()));
      walk(resource.getValue().path("Properties"), resource.getKey());
    }
  }

  private void walk(JsonNode node, String where) {
    for (var field : node.properties()) {
      JsonNode value = field.getValue();
      switch (field.getKey()) {
        case "Ref" -> requireText(value, where);
        case "Fn::GetAtt" -> requireText(value.isArray() ? value.path(0) : beforeDot(value), where);
        case "Fn::Sub" -> substituted(value, where);
        default -> {}
      }
    }
    node.forEach(child -> walk(child, where));
  }

  private void substituted(JsonNode value, String where) {
    JsonNode given = value.path(1);
    String template = value.isArray() ? value.path(0).asText() : value.asText();
    SUBSTITUTED
        .matcher(template)
        .results()
        .map(match -> match.group(1).strip())
        .filter(name -> !given.has(name))
        .forEach(name -> require(name, where));
  }

  private static JsonNode beforeDot(JsonNode value) {
    String text = value.asText();
    return TextNode.valueOf(text.substring(0, Math.max(text.indexOf('.'), 0)));
  }

  /** A policy or a dashboard may have a field called Ref that is something else. */
  private void requireText(JsonNode name, String where) {
    if (name.isTextual()) {
      require(name.asText(), where);
    }
  }

  private void require(String name, String where) {
    if (!name.startsWith("AWS::") && !known.test(name)) {
      problems.add(where, "refers to " + name + ", which the template does not have");
    }
  }
}
