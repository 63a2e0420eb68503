package dev.utsushi.infra.settings;

import dev.utsushi.core.settings.Suggestion;
import dev.utsushi.infra.settings.Shape.Choice;
import dev.utsushi.infra.settings.Shape.Flag;
import dev.utsushi.infra.settings.Shape.Free;
import dev.utsushi.infra.settings.Shape.ListOf;
import dev.utsushi.infra.settings.Shape.OneOf;
import dev.utsushi.infra.settings.Shape.Section;
import dev.utsushi.infra.settings.Shape.Steps;
import dev.utsushi.infra.settings.Shape.Text;
import dev.utsushi.infra.settings.Shape.Whole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Compares YAML with the shape that it should have. What is right comes back as a value, what is
 * wrong is left out of it and becomes a problem, so that one look finds all of them.
 */
final class ShapeCheck {
  private final List<Problem> problems;

  ShapeCheck(List<Problem> problems) {
    this.problems = problems;
  }

  Optional<Value> check(Node node, Shape shape, String path) {
    return switch (shape) {
      case Section section -> section(node, section, path);
      case OneOf(Section choices) -> oneOf(node, choices, path);
      case ListOf list -> list(node, list, path);
      case Free _ -> free(node, path);
      case Text text -> text(node, text, path);
      case Choice(List<String> words) -> choice(node, words, path);
      case Whole whole -> whole(node, whole, path);
      case Steps(List<Integer> numbers) -> step(node, numbers, path);
      case Flag _ -> flag(node, path);
    };
  }

  private Optional<Value> section(Node node, Section section, String path) {
    if (isNull(node)) {
      findMissing(section, Set.of(), line(node), path);
      return Optional.of(new Value.Entries(line(node), Map.of()));
    }
    if (!(node instanceof MappingNode mapping)) {
      return wrong(node, path, "must be a section with some of: " + words(section.names()));
    }
    Map<String, Value> values = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : mapping.getValue()) {
      String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
      if (!seen.add(name)) {
        wrong(entry.getKeyNode(), join(path, name), "stands here twice: keep one");
        continue;
      }
      entry(entry, name, section, path).ifPresent(value -> values.put(name, value));
    }
    findMissing(section, seen, line(node), path);
    return Optional.of(new Value.Entries(line(node), values));
  }

  private Optional<Value> entry(NodeTuple entry, String name, Section section, String path) {
    Optional<Key> key = section.key(name);
    if (key.isEmpty()) {
      return wrong(entry.getKeyNode(), join(path, name), "is no key" + hint(name, section.names()));
    }
    Node value = entry.getValueNode();
    if (isNull(value) && !isContainer(key.get().shape())) {
      return wrong(entry.getKeyNode(), join(path, name), "has no value: give one or leave it out");
    }
    return check(value, key.get().shape(), join(path, name));
  }

  private void findMissing(Section section, Set<String> seen, int line, String path) {
    for (Key key : section.keys()) {
      if (key.required() && !seen.contains(key.name())) {
        problems.add(new Problem(line, join(path, key.name()) + " is missing: " + key.about()));
      }
    }
  }

  private Optional<Value> oneOf(Node node, Section choices, String path) {
    Optional<Value> value = section(node, choices, path);
    long given =
        node instanceof MappingNode mapping
            ? mapping.getValue().stream().filter(entry -> isKeyOf(choices, entry)).count()
            : 0;
    // An unknown key is a problem of its own: most likely the one that was meant.
    boolean onlyKnown =
        !(node instanceof MappingNode mapping) || mapping.getValue().size() == given;
    if (value.isPresent() && given != 1 && onlyKnown) {
      wrong(node, path, "must have exactly one of: " + words(choices.names()));
    }
    return value;
  }

  private static boolean isKeyOf(Section section, NodeTuple entry) {
    return entry.getKeyNode() instanceof ScalarNode key && section.key(key.getValue()).isPresent();
  }

  private Optional<Value> list(Node node, ListOf list, String path) {
    if (!(node instanceof SequenceNode sequence)) {
      return wrong(node, path, "must be a list: lines that start with '- '");
    }
    if (sequence.getValue().size() < list.least()) {
      return wrong(node, path, "must have at least " + list.least() + " entry");
    }
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < sequence.getValue().size(); i++) {
      check(sequence.getValue().get(i), list.item(), path + '[' + i + ']').ifPresent(values::add);
    }
    return Optional.of(new Value.Items(line(node), values));
  }

  private Optional<Value> free(Node node, String path) {
    return node instanceof MappingNode
        ? Optional.of(new Value.Json(line(node), NodeJson.of(node)))
        : wrong(node, path, "must be a mapping, like { eventName: [INSERT] }");
  }

  private Optional<Value> text(Node node, Text text, String path) {
    if (!(node instanceof ScalarNode scalar) || !text.allows(scalar.getValue())) {
      return wrong(node, path, "must be " + text.rule() + but(node));
    }
    return scalar(node, scalar.getValue());
  }

  private Optional<Value> choice(Node node, List<String> words, String path) {
    if (!(node instanceof ScalarNode scalar) || !words.contains(scalar.getValue())) {
      String given = node instanceof ScalarNode scalar ? scalar.getValue() : "";
      return wrong(node, path, "must be one of " + words(words) + but(node) + hint(given, words));
    }
    return scalar(node, scalar.getValue());
  }

  private Optional<Value> whole(Node node, Whole whole, String path) {
    Optional<Long> number = number(node).filter(whole::allows);
    return number.isPresent()
        ? scalar(node, number.get())
        : wrong(node, path, "must be " + whole.rule() + but(node));
  }

  private Optional<Value> step(Node node, List<Integer> numbers, String path) {
    Optional<Long> number = number(node).filter(given -> numbers.contains(Math.toIntExact(given)));
    List<String> words = numbers.stream().map(String::valueOf).toList();
    return number.isPresent()
        ? scalar(node, number.get())
        : wrong(node, path, "must be one of " + words(words) + but(node));
  }

  private static Optional<Long> number(Node node) {
    return node instanceof ScalarNode scalar && scalar.getValue().matches("-?\\d{1,9}")
        ? Optional.of(Long.valueOf(scalar.getValue()))
        : Optional.empty();
  }

  private Optional<Value> flag(Node node, String path) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)
        ? scalar(node, Boolean.valueOf(scalar.getValue()))
        : wrong(node, path, "must be true or false" + but(node));
  }

  private static Optional<Value> scalar(Node node, Object content) {
    return Optional.of(new Value.Scalar(line(node), content));
  }

  private Optional<Value> wrong(Node node, String path, String what) {
    problems.add(new Problem(line(node), (path.isEmpty() ? "the file" : path) + ' ' + what));
    return Optional.empty();
  }

  private static String but(Node node) {
    return switch (node) {
      case ScalarNode scalar -> ", not '" + scalar.getValue() + "'";
      case SequenceNode _ -> ", not a list";
      case MappingNode _ -> ", not a section";
      default -> "";
    };
  }

  private static String hint(String given, Collection<String> known) {
    return Suggestion.nearest(given, known).map(word -> "; did you mean " + word + "?").orElse("");
  }

  private static String words(Collection<String> words) {
    return String.join(", ", words);
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static boolean isContainer(Shape shape) {
    return switch (shape) {
      case Section _, OneOf _, ListOf _, Free _ -> true;
      case Text _, Whole _, Steps _, Flag _, Choice _ -> false;
    };
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
