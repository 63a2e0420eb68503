package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.utsushi.core.settings.Suggestion;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The shape of Lambda's filter patterns: sections in sections, and at the end of each path a list
 * of values and comparisons.
 */
final class FilterPattern {
  static final String OR = "$or";
  private static final List<String> COMPARISONS =
      List.of(
          "anything-but",
          "cidr",
          "equals-ignore-case",
          "exists",
          "numeric",
          "prefix",
          "suffix",
          "wildcard");

  private final YamlTree tree;
  private final List<Problem> problems = new ArrayList<>();

  private FilterPattern(YamlTree tree) {
    this.tree = tree;
  }

  /** Finds what Lambda would refuse in the pattern at a location. */
  static List<Problem> problems(YamlTree tree, JsonPointer location, JsonNode pattern) {
    FilterPattern shape = new FilterPattern(tree);
    shape.checkSection(location, pattern);
    return shape.problems;
  }

  private void checkSection(JsonPointer location, JsonNode section) {
    if (section.isEmpty()) {
      add(location, "must not be empty; remove it to match every record");
    }
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      JsonPointer at = location.appendProperty(entry.getKey());
      switch (entry.getValue()) {
        case ArrayNode choices when entry.getKey().equals(OR) -> checkChoices(at, choices);
        case ArrayNode values -> checkValues(at, values);
        case JsonNode value when value.isObject() -> checkSection(at, value);
        case JsonNode value -> add(at, "must be a list of values, like [%s]".formatted(value));
      }
    }
  }

  private void checkChoices(JsonPointer location, ArrayNode choices) {
    for (int i = 0; i < choices.size(); i++) {
      JsonPointer at = location.appendIndex(i);
      if (choices.path(i).isObject()) {
        checkSection(at, choices.path(i));
      } else {
        add(at, "must be a section: %s joins patterns".formatted(OR));
      }
    }
  }

  private void checkValues(JsonPointer location, ArrayNode values) {
    if (values.isEmpty()) {
      add(location, "must have at least 1 value");
    }
    for (int i = 0; i < values.size(); i++) {
      JsonNode value = values.path(i);
      JsonPointer at = location.appendIndex(i);
      if (value.isArray()) {
        add(at, "must be a value or a comparison, not a list");
      } else if (value.isObject()) {
        checkComparison(at, value);
      }
    }
  }

  private void checkComparison(JsonPointer location, JsonNode comparison) {
    List<String> names = comparison.propertyStream().map(Map.Entry::getKey).toList();
    if (names.size() == 1 && COMPARISONS.contains(names.getFirst())) {
      return;
    }
    String hint =
        names.stream()
            .flatMap(name -> Suggestion.nearest(name, COMPARISONS).stream())
            .findFirst()
            .map(name -> "; did you mean %s?".formatted(name))
            .orElse("");
    String rule = "must have exactly one of %s, not %s";
    add(location, rule.formatted(String.join(", ", COMPARISONS), names) + hint);
  }

  private void add(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
