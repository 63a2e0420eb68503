package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.template.Resolution.Absent;
import dev.utsushi.local.template.Resolution.Refused;
import dev.utsushi.local.template.Resolution.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the properties of one resource. A reader asks for each property that it knows, or says that
 * it ignores it; {@link #finish} refuses what nobody asked for. What can't be read is a problem,
 * and the reader gets something harmless to go on with, so that all problems are found.
 */
final class Properties {
  private final String where;
  private final ObjectNode content;
  private final Intrinsics intrinsics;
  private final Problems problems;
  private final Set<String> known = new HashSet<>();

  Properties(String where, ObjectNode content, Intrinsics intrinsics, Problems problems) {
    this.where = where;
    this.content = content;
    this.intrinsics = intrinsics;
    this.problems = problems;
  }

  Optional<String> text(String name) {
    return value(name)
        .flatMap(
            value -> value.isValueNode() ? Optional.of(value.asText()) : wrong(name, "a text"));
  }

  String requiredText(String name) {
    boolean missing = !content.has(name);
    return text(name).orElseGet(() -> missing ? missing(name) : "");
  }

  /** One of these words. */
  Optional<String> choice(String name, String... choices) {
    return text(name)
        .filter(
            chosen -> {
              boolean fits = List.of(choices).contains(chosen);
              if (!fits) {
                problem(
                    name, "takes %s here, not %s".formatted(String.join(" or ", choices), chosen));
              }
              return fits;
            });
  }

  OptionalInt integer(String name, int least, int most) {
    Optional<Integer> read = text(name).flatMap(text -> parsed(name, text));
    if (read.isEmpty()) {
      return OptionalInt.empty();
    }
    if (read.get() < least || read.get() > most) {
      problem(name, "takes %d to %d, not %d".formatted(least, most, read.get()));
      return OptionalInt.empty();
    }
    return OptionalInt.of(read.get());
  }

  private Optional<Integer> parsed(String name, String text) {
    try {
      return Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException _) {
      return wrong(name, "a whole number");
    }
  }

  boolean flag(String name, boolean otherwise) {
    return choice(name, "true", "false").map(Boolean::valueOf).orElse(otherwise);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    value(name)
        .ifPresent(
            value -> {
              if (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode)) {
                value.forEach(element -> texts.add(element.asText()));
              } else {
                problem(name, "is no list of texts");
              }
            });
    return texts;
  }

  /** An object of names and texts, each name the resource's own. */
  Map<String, String> variables(String name) {
    Map<String, String> variables = new LinkedHashMap<>();
    object(
        name,
        object -> {
          for (var field : object.content.properties()) {
            object.text(field.getKey()).ifPresent(text -> variables.put(field.getKey(), text));
          }
          return variables;
        });
    return variables;
  }

  <T> Optional<T> object(String name, Function<Properties, T> read) {
    return unresolved(name)
        .flatMap(
            value ->
                value instanceof ObjectNode object
                    ? Optional.of(nested(where + '.' + name, object, read))
                    : wrong(name, "an object"));
  }

  <T> List<T> objects(String name, Function<Properties, T> read) {
    List<T> all = new ArrayList<>();
    JsonNode elements = unresolved(name).orElse(MissingNode.getInstance());
    if (!elements.isMissingNode() && !elements.isArray()) {
      problem(name, "is no list");
    }
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof ObjectNode object) {
        all.add(nested("%s.%s[%d]".formatted(where, name, i), object, read));
      } else {
        problem(name, "has an element that is no object");
      }
    }
    return all;
  }

  private <T> T nested(String path, ObjectNode object, Function<Properties, T> read) {
    var properties = new Properties(path, object, intrinsics, problems);
    T result = read.apply(properties);
    properties.finish();
    return result;
  }

  /** Known, and without a meaning here; what it refers to need not have one either. */
  void ignore(String... names) {
    known.addAll(List.of(names));
  }

  /** AWS asks for it, although it has no meaning here. */
  void ignoreRequired(String name) {
    known.add(name);
    if (!content.has(name)) {
      missing(name);
    }
  }

  /** Known, with a meaning that would be lost here. */
  void refuse(String name, String why) {
    known.add(name);
    if (content.has(name)) {
      problem(name, "is refused: " + why);
    }
  }

  /** Refuses what nobody has asked for. */
  void finish() {
    for (var field : content.properties()) {
      if (!known.contains(field.getKey())) {
        problem(field.getKey(), "is not known here");
      }
    }
  }

  void problem(String name, String what) {
    problems.add(where + '.' + name, what);
  }

  private String missing(String name) {
    problem(name, "is missing");
    return "";
  }

  private <T> Optional<T> wrong(String name, String expected) {
    problem(name, "is not " + expected);
    return Optional.empty();
  }

  private Optional<JsonNode> value(String name) {
    known.add(name);
    if (!content.has(name)) {
      return Optional.empty();
    }
    return switch (intrinsics.resolve(content.get(name), where + '.' + name)) {
      case Value(JsonNode value) -> Optional.of(value);
      case Absent(), Refused() -> Optional.empty();
    };
  }

  /** Left as it is where it is no function call: parts of it may be ignored, refused or known. */
  private Optional<JsonNode> unresolved(String name) {
    known.add(name);
    JsonNode value = content.path(name);
    return value.isContainerNode() && !Intrinsics.isFunction(value)
        ? Optional.of(value)
        : value(name);
  }
}
