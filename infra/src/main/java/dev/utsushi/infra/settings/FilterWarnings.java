package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says how filter patterns leave documents behind. A filter by keys that is the same for all events
 * leaves none: a key never changes, and every record has it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html">Filtering
 *     events of a DynamoDB stream</a>
 */
final class FilterWarnings {
  private static final Map<String, String> CONSEQUENCES =
      Map.of(
          "INSERT", "a new item is not in the index until it changes",
          "MODIFY", "the document of an item that no longer matches stays as it was",
          "REMOVE", "the documents of removed items stay in the index");

  /** The same in all records of a stream. */
  private static final Set<String> CONSTANTS =
      Set.of(
          "/awsRegion",
          "/dynamodb/StreamViewType",
          "/eventSource",
          "/eventSourceARN",
          "/eventVersion");

  private static final JsonPointer EVENT_NAME = JsonPointer.compile("/eventName");
  private static final String NEW_IMAGE = "/dynamodb/NewImage/";

  private static final String TARGETS =
      " To choose items by their attributes, give the index a where: docs/single-table.md.";

  private static final String KEYS = "/dynamodb/Keys/";

  /** A bound for patterns that nest {@code $or}; EventBridge refuses more. */
  private static final int MOST_ALTERNATIVES = 1_000;

  private final List<Alternative> alternatives = new ArrayList<>();

  private FilterWarnings(YamlTree tree, JsonPointer location) {
    for (int i = 0; i < tree.json().at(location).size(); i++) {
      JsonPointer pattern = location.appendIndex(i);
      all(JsonPointer.empty(), tree.json().at(pattern)).stream()
          .map(conditions -> new Alternative(tree.line(pattern), conditions))
          .forEach(alternatives::add);
    }
  }

  /** Returns what can happen, in whole sentences; nothing if every document follows its item. */
  static List<String> of(YamlTree tree, JsonPointer patterns) {
    FilterWarnings warnings = new FilterWarnings(tree, patterns);
    String advice = warnings.asksForAttributes() ? TARGETS : "";
    return CONSEQUENCES.keySet().stream()
        .sorted()
        .flatMap(warnings::of)
        .map(warning -> warning + advice)
        .toList();
  }

  private boolean asksForAttributes() {
    return alternatives.stream()
        .flatMap(it -> it.conditions().stream())
        .anyMatch(it -> it.part().toString().startsWith(NEW_IMAGE));
  }

  private Stream<String> of(String event) {
    List<Set<Condition>> taken =
        alternatives.stream().filter(it -> it.takes(event)).map(Alternative::keys).toList();
    List<String> lines =
        alternatives.stream()
            .filter(it -> taken.stream().noneMatch(it.keys()::containsAll))
            .map(it -> String.valueOf(it.line()))
            .distinct()
            .toList();
    String warning =
        "No filter pattern takes every %s of the keys that line %s of the settings takes: %s."
            + " Filter by dynamodb.Keys only, the same for all events.";
    return lines.isEmpty()
        ? Stream.of()
        : Stream.of(warning.formatted(event, String.join(" or ", lines), CONSEQUENCES.get(event)));
  }

  /** Returns the sets of conditions one of which a record must meet. */
  private static List<Set<Condition>> all(JsonPointer location, JsonNode section) {
    List<Set<Condition>> all = List.of(Set.of());
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      JsonPointer at = location.appendProperty(entry.getKey());
      JsonNode value = entry.getValue();
      List<Set<Condition>> further;
      if (value.isArray() && entry.getKey().equals(FilterPattern.OR)) {
        further = value.valueStream().flatMap(choice -> all(location, choice).stream()).toList();
      } else {
        further = value.isArray() ? List.of(Set.of(new Condition(at, value))) : all(at, value);
      }
      all =
          all.stream()
              .flatMap(one -> further.stream().map(other -> union(one, other)))
              .limit(MOST_ALTERNATIVES)
              .toList();
    }
    return all;
  }

  private static Set<Condition> union(Set<Condition> one, Set<Condition> other) {
    return Stream.of(one, other).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  /** Values, one of which a part of the record must have. */
  private record Condition(JsonPointer part, JsonNode values) {
    boolean isOfKey() {
      return part.toString().startsWith(KEYS);
    }

    boolean holdsForEvery(String event) {
      return isOfKey()
          || CONSTANTS.contains(part.toString())
          || (part.equals(EVENT_NAME) && values.valueStream().anyMatch(it -> admits(it, event)));
    }

    private static boolean admits(JsonNode value, String event) {
      JsonNode others = value.path("anything-but");
      return others.isMissingNode()
          ? value.asText().equals(event)
          : !others.asText().equals(event)
              && others.valueStream().noneMatch(it -> it.asText().equals(event));
    }
  }

  /** A pattern, or one of the choices of its {@code $or}. */
  private record Alternative(int line, Set<Condition> conditions) {
    Set<Condition> keys() {
      return conditions.stream().filter(Condition::isOfKey).collect(Collectors.toSet());
    }

    /** Returns whether it takes every such event of its keys. */
    boolean takes(String event) {
      return conditions.stream().allMatch(it -> it.holdsForEvery(event));
    }
  }
}
