package dev.utsushi.infra.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Writes YAML as JSON, for what AWS reads and this app does not. */
final class NodeJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private NodeJson() {}

  static String of(Node node) {
    return json(node).toString();
  }

  private static JsonNode json(Node node) {
    return switch (node) {
      case MappingNode mapping -> object(mapping);
      case SequenceNode sequence -> {
        ArrayNode array = JSON.arrayNode();
        sequence.getValue().forEach(item -> array.add(json(item)));
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> JSON.nullNode();
    };
  }

  private static ObjectNode object(MappingNode mapping) {
    ObjectNode object = JSON.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      String name = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
      object.set(name, json(entry.getValueNode()));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(scalar.getValue()));
    }
    boolean number = tag.equals(Tag.INT) || tag.equals(Tag.FLOAT);
    return number && scalar.getValue().matches("-?\\d.*")
        ? JSON.numberNode(new BigDecimal(scalar.getValue()))
        : JSON.textNode(scalar.getValue());
  }
}
