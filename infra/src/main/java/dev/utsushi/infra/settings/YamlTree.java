package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as JSON, with the line of each value. */
final class YamlTree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String MERGE = "<<";
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** A value's line is its key's: there the eye looks for it. */
  private final Map<JsonPointer, Integer> lines = new HashMap<>();

  private final List<Problem> problems = new ArrayList<>();
  private final JsonNode json;

  YamlTree(Node root) {
    lines.put(JsonPointer.empty(), 1);
    json = json(root, SchemaPart.FILE, JsonPointer.empty());
  }

  JsonNode json() {
    return json;
  }

  /** Returns what no JSON could show: keys given twice, merges of what is no section, loops. */
  List<Problem> problems() {
    return problems;
  }

  Problem problem(JsonPointer location, String what) {
    return new Problem(line(location), printable(name(location) + ' ' + what));
  }

  /** Returns whether the file has the value, which may also come from a default. */
  boolean isGiven(JsonPointer location) {
    return lines.containsKey(location);
  }

  /** Returns the line of a value, or of the section that it is missing from. */
  int line(JsonPointer location) {
    Integer line = lines.get(location);
    return line == null ? line(location.head()) : line;
  }

  /** Takes out a wrong value, so that later checks only see values of the right type. */
  void remove(JsonPointer location) {
    if (location.matches()) {
      return;
    }
    switch (json.at(location.head())) {
      case ObjectNode object -> object.remove(location.last().getMatchingProperty());
      case ArrayNode array -> array.setNull(location.last().getMatchingIndex());
      default -> {}
    }
  }

  private JsonNode json(Node node, SchemaPart part, JsonPointer location) {
    if (node.isRecursive()) {
      problems.add(new Problem(line(node), name(location) + " contains itself, by an alias"));
      return JSON.nullNode();
    }
    String tag = node.getTag().getValue();
    if (tag.startsWith("!")) {
      String what = " has the tag %s, which means nothing here: write the value itself";
      problems.add(new Problem(line(node), name(location) + what.formatted(tag)));
    }
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = JSON.objectNode();
        addEntries(object, mapping, part, location);
        yield object;
      }
      case SequenceNode sequence -> array(sequence, part.item(), location);
      case ScalarNode scalar -> scalar(scalar, part);
      default -> JSON.nullNode();
    };
  }

  /** Adds the entries of a mapping, and then those that it merges: the first of a name holds. */
  private void addEntries(
      ObjectNode object, MappingNode mapping, SchemaPart part, JsonPointer location) {
    Map<String, NodeTuple> own = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
      if (own.putIfAbsent(name, entry) != null) {
        String at = name(location.appendProperty(name));
        problems.add(new Problem(line(entry.getKeyNode()), at + " is given twice; keep one"));
      }
    }
    NodeTuple merge = own.remove(MERGE);
    own.keySet().removeIf(object::has);
    own.forEach(
        (name, entry) -> {
          JsonPointer at = location.appendProperty(name);
          lines.put(at, line(entry.getKeyNode()));
          JsonNode value = json(entry.getValueNode(), part.key(name), at);
          boolean emptySection = value.isNull() && part.key(name).isA("object");
          object.set(name, emptySection ? JSON.objectNode() : value);
        });
    if (merge != null) {
      merge(object, merge, part, location);
    }
  }

  /** Reads the merge key of YAML 1.1, which the library no longer knows. */
  private void merge(ObjectNode object, NodeTuple merge, SchemaPart part, JsonPointer location) {
    List<Node> merged =
        merge.getValueNode() instanceof SequenceNode list
            ? list.getValue()
            : List.of(merge.getValueNode());
    for (Node node : merged) {
      if (node instanceof MappingNode mapping && !mapping.isRecursive()) {
        addEntries(object, mapping, part, location);
      } else {
        String rule = " must be an alias of a section, or a list of them, like *name";
        String at = name(location.appendProperty(MERGE));
        problems.add(new Problem(line(merge.getKeyNode()), at + rule));
      }
    }
  }

  private ArrayNode array(SequenceNode sequence, SchemaPart item, JsonPointer location) {
    ArrayNode array = JSON.arrayNode();
    for (Node node : sequence.getValue()) {
      JsonPointer at = location.appendIndex(array.size());
      lines.put(at, line(node));
      array.add(json(node, item, at));
    }
    return array;
  }

  /** Reads a bare 2026 as text where text is wanted, and a quoted number as a number. */
  private static JsonNode scalar(ScalarNode scalar, SchemaPart part) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (part.isA("string")) {
      return JSON.textNode(text);
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    if (tag.equals(Tag.INT) || (part.isA("integer") && text.matches("-?\\d+"))) {
      return JSON.numberNode(new BigInteger(text));
    }
    return tag.equals(Tag.FLOAT) && text.matches("-?\\d.*")
        ? JSON.numberNode(new BigDecimal(text))
        : JSON.textNode(text);
  }

  /** A value may hold what a terminal obeys. */
  private static String printable(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(it -> "\\\\u%04x".formatted((int) it.group().charAt(0)));
  }

  /** Writes a location as people do: {@code streams[0].index}. */
  private static String name(JsonPointer location) {
    String path = location.toString().replaceAll("/(\\d+)(?=/|$)", "[$1]").replace('/', '.');
    return path.isEmpty() ? "the file" : path.substring(1).replace("~1", "/").replace("~0", "~");
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
