package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.utsushi.local.template.Resolution.Absent;
import dev.utsushi.local.template.Resolution.Refused;
import dev.utsushi.local.template.Resolution.Value;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces intrinsic functions by what they give. A value that can't be resolved is a problem told
 * once, where the function stands.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html">Intrinsic
 *     functions</a>
 */
final class Intrinsics {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

  private final References references;
  private final Problems problems;

  Intrinsics(References references, Problems problems) {
    this.references = references;
    this.problems = problems;
  }

  Resolution resolve(JsonNode node, String where) {
    return switch (node) {
      case ObjectNode object when isFunction(object) -> {
        var function = object.properties().iterator().next();
        yield call(function.getKey(), function.getValue(), where);
      }
      case ObjectNode object -> fields(object, where);
      case ArrayNode array -> elements(array, where);
      case JsonNode scalar -> new Value(scalar);
    };
  }

  static boolean isFunction(JsonNode node) {
    if (!node.isObject() || node.size() != 1) {
      return false;
    }
    String name = node.fieldNames().next();
    return name.equals("Ref") || name.equals("Condition") || name.startsWith("Fn::");
  }

  private Resolution fields(ObjectNode object, String where) {
    ObjectNode resolved = JsonNodeFactory.instance.objectNode();
    boolean refused = false;
    for (var field : object.properties()) {
      switch (resolve(field.getValue(), where + '.' + field.getKey())) {
        case Value(JsonNode value) -> resolved.set(field.getKey(), value);
        case Absent() -> {}
        case Refused() -> refused = true;
      }
    }
    return refused ? new Refused() : new Value(resolved);
  }

  private Resolution elements(ArrayNode array, String where) {
    ArrayNode resolved = JsonNodeFactory.instance.arrayNode();
    boolean refused = false;
    for (int i = 0; i < array.size(); i++) {
      switch (resolve(array.get(i), where + '[' + i + ']')) {
        case Value(JsonNode value) -> resolved.add(value);
        case Absent() -> {}
        case Refused() -> refused = true;
      }
    }
    return refused ? new Refused() : new Value(resolved);
  }

  private Resolution call(String function, JsonNode argument, String where) {
    return switch (function) {
      case "Ref" -> ref(argument.asText(), where);
      case "Fn::GetAtt" -> getAtt(argument, where);
      case "Fn::Sub" -> sub(argument, where);
      case "Fn::Join" -> onResolved(argument, where, array -> join(array, where));
      case "Fn::Select" -> onResolved(argument, where, array -> select(array, where));
      case "Fn::Split" -> onResolved(argument, where, array -> split(array, where));
      default -> refuse(where, "calls " + function + ", which is not known here");
    };
  }

  private Resolution ref(String name, String where) {
    if (name.equals("AWS::NoValue")) {
      return new Absent();
    }
    return text(references.ref(name), where, "refers to " + name);
  }

  private Resolution getAtt(JsonNode argument, String where) {
    if (argument.isArray() && argument.size() == 2 && argument.path(1).isTextual()) {
      return attribute(argument.path(0).asText() + '.' + argument.path(1).asText(), where);
    }
    return argument.isTextual()
        ? attribute(argument.asText(), where)
        : refuse(where, "calls Fn::GetAtt without a resource and an attribute");
  }

  private Resolution attribute(String dotted, String where) {
    int dot = dotted.indexOf('.');
    if (dot < 0) {
      return refuse(where, "calls Fn::GetAtt without an attribute: " + dotted);
    }
    var found = references.attribute(dotted.substring(0, dot), dotted.substring(dot + 1));
    return text(found, where, "refers to " + dotted);
  }

  private Resolution text(Reference reference, String where, String what) {
    return switch (reference) {
      case Reference.Text(String text) -> new Value(TextNode.valueOf(text));
      case Reference.None(String why) -> refuse(where, what + ", " + why);
    };
  }

  private Resolution sub(JsonNode argument, String where) {
    JsonNode template = argument.isArray() ? argument.path(0) : argument;
    JsonNode given =
        argument.path(1).isObject() ? argument.path(1) : JsonNodeFactory.instance.objectNode();
    if (!template.isTextual()) {
      return refuse(where, "calls Fn::Sub without a text");
    }
    return switch (fields((ObjectNode) given, where)) {
      case Value(JsonNode variables) -> substitute(template.asText(), variables, where);
      case Absent(), Refused() -> new Refused();
    };
  }

  private Resolution substitute(String template, JsonNode variables, String where) {
    Map<String, Resolution> values =
        VARIABLE
            .matcher(template)
            .results()
            .filter(match -> match.group(1).isEmpty())
            .map(match -> match.group(2).strip())
            .distinct()
            .collect(Collectors.toMap(name -> name, name -> variable(name, variables, where)));
    if (!values.values().stream().allMatch(Value.class::isInstance)) {
      return new Refused();
    }
    String text =
        VARIABLE
            .matcher(template)
            .replaceAll(match -> Matcher.quoteReplacement(filled(match, values)));
    return new Value(TextNode.valueOf(text));
  }

  /** {@code ${!Literal}} stands for {@code ${Literal}}. */
  private static String filled(MatchResult match, Map<String, Resolution> values) {
    String name = match.group(2).strip();
    return values.get(name) instanceof Value(JsonNode value) && match.group(1).isEmpty()
        ? value.asText()
        : "${" + match.group(2) + '}';
  }

  private Resolution variable(String name, JsonNode variables, String where) {
    if (variables.has(name)) {
      return new Value(variables.get(name));
    }
    return name.contains(".") ? attribute(name, where) : ref(name, where);
  }

  private Resolution join(JsonNode argument, String where) {
    JsonNode parts = argument.path(1);
    if (argument.size() != 2 || !parts.isArray() || !allScalar(parts)) {
      return refuse(where, "calls Fn::Join without a delimiter and a list of texts");
    }
    return new Value(
        TextNode.valueOf(
            parts
                .valueStream()
                .map(JsonNode::asText)
                .collect(Collectors.joining(argument.path(0).asText()))));
  }

  private Resolution select(JsonNode argument, String where) {
    Optional<JsonNode> selected =
        Optional.ofNullable(argument.path(1).get(argument.path(0).asInt(-1)));
    return selected.isPresent()
        ? new Value(selected.get())
        : refuse(where, "calls Fn::Select beyond its list");
  }

  private Resolution split(JsonNode argument, String where) {
    String delimiter = argument.path(0).asText();
    if (argument.size() != 2 || delimiter.isEmpty() || !argument.path(1).isTextual()) {
      return refuse(where, "calls Fn::Split without a delimiter and a text");
    }
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(argument.path(1).asText().split(Pattern.quote(delimiter), -1))
        .forEach(parts::add);
    return new Value(parts);
  }

  private static boolean allScalar(JsonNode parts) {
    return parts.valueStream().allMatch(JsonNode::isValueNode);
  }

  private Resolution onResolved(
      JsonNode argument, String where, Function<JsonNode, Resolution> then) {
    return switch (resolve(argument, where)) {
      case Value(JsonNode value) -> then.apply(value);
      case Absent(), Refused() -> new Refused();
    };
  }

  private Refused refuse(String where, String what) {
    problems.add(where, what);
    return new Refused();
  }
}
