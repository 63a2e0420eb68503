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
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as JSON, with the line of each value. */
final class YamlTree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A value's line is its key's: there the eye looks for it. */
  private final Map<JsonPointer, Integer> lines = new HashMap<>();

  private final List<Problem> duplicates = new ArrayList<>();
  private final JsonNode json;

  YamlTree(Node root) {
    lines.put(JsonPointer.empty(), 1);
    json = json(root, SchemaPart.FILE, JsonPointer.empty());
  }

  JsonNode json() {
    return json;
  }

  /** Returns a problem for each key that a section has twice. */
  List<Problem> duplicates() {
    return duplicates;
  }

  Problem problem(JsonPointer location, String what) {
    return new Problem(line(location), name(location) + ' ' + what);
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
    return switch (node) {
      case MappingNode mapping -> object(mapping, part, location);
      case SequenceNode sequence -> array(sequence, part.item(), location);
      case ScalarNode scalar -> scalar(scalar, part);
      default -> JSON.nullNode();
    };
  }

  private ObjectNode object(MappingNode mapping, SchemaPart part, JsonPointer location) {
    ObjectNode object = JSON.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
      JsonPointer at = location.appendProperty(name);
      if (object.has(name)) {
        duplicates.add(
            new Problem(line(entry.getKeyNode()), name(at) + " is given twice; keep one"));
        continue;
      }
      lines.put(at, line(entry.getKeyNode()));
      JsonNode value = json(entry.getValueNode(), part.key(name), at);
      boolean emptySection = value.isNull() && part.key(name).isA("object");
      object.set(name, emptySection ? JSON.objectNode() : value);
    }
    return object;
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

  /** Writes a location as people do: {@code streams[0].index}. */
  private static String name(JsonPointer location) {
    String path = location.toString().replaceAll("/(\\d+)(?=/|$)", "[$1]").replace('/', '.');
    return path.isEmpty() ? "the file" : path.substring(1);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
