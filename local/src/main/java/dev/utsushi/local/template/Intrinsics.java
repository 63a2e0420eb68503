package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replaces intrinsic functions by their results. A value that can't be resolved becomes {@link
 * Unresolved}, since it is a problem only where the value has a use.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html">Intrinsic
 *     functions</a>
 */
final class Intrinsics {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

  /** The names of parameters and resources: each method returns text or {@link Unresolved}. */
  interface Names {

    /** Returns a pseudo parameter, a parameter's value, or a resource's name, URL or ARN. */
    JsonNode ref(String name, String where);

    JsonNode attribute(String logicalId, String attribute, String where);
  }

  /** Stands for a value that can't be resolved. */
  static final class Unresolved extends POJONode {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    Unresolved(List<String> problems) {
      super(problems);
      this.problems = List.copyOf(problems);
    }

    List<String> problems() {
      return problems;
    }
  }

  private final Names names;

  Intrinsics(Names names) {
    this.names = names;
  }

  /**
   * Resolves a value and everything in it.
   *
   * @param where starts the path of each problem
   * @return missing for {@code AWS::NoValue}
   */
  JsonNode resolve(JsonNode node, String where) {
    return switch (node) {
      case ObjectNode object when isFunction(object) -> {
        var function = object.properties().iterator().next();
        yield call(function.getKey(), function.getValue(), where);
      }
      case ObjectNode object -> fields(object, where);
      case ArrayNode array -> elements(array, where);
      case JsonNode scalar -> scalar;
    };
  }

  private static boolean isFunction(ObjectNode object) {
    if (object.size() != 1) {
      return false;
    }
    String name = object.fieldNames().next();
    return name.equals("Ref") || name.equals("Condition") || name.startsWith("Fn::");
  }

  /** Resolves the fields of an object, or of nothing. */
  ObjectNode fields(JsonNode object, String where) {
    ObjectNode resolved = JsonNodeFactory.instance.objectNode();
    for (var field : object.properties()) {
      JsonNode value = resolve(field.getValue(), where + '.' + field.getKey());
      if (!value.isMissingNode()) {
        resolved.set(field.getKey(), value);
      }
    }
    return resolved;
  }

  private ArrayNode elements(ArrayNode array, String where) {
    ArrayNode resolved = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < array.size(); i++) {
      JsonNode value = resolve(array.get(i), where + '[' + i + ']');
      if (!value.isMissingNode()) {
        resolved.add(value);
      }
    }
    return resolved;
  }

  private JsonNode call(String function, JsonNode argument, String where) {
    return switch (function) {
      case "Ref" ->
          argument.isTextual()
              ? ref(argument.asText(), where)
              : refuse(where, "calls Ref without a name");
      case "Fn::GetAtt" -> getAtt(argument, where);
      case "Fn::Sub" -> sub(argument, where);
      case "Fn::Join" -> onResolved(argument, where, Intrinsics::join);
      case "Fn::Select" -> onResolved(argument, where, Intrinsics::select);
      case "Fn::Split" -> onResolved(argument, where, Intrinsics::split);
      default ->
          merged(
              Stream.concat(
                  Stream.of(refuse(where, "calls " + function + ", which is not supported")),
                  unresolved(resolve(argument, where))));
    };
  }

  private JsonNode ref(String name, String where) {
    return name.equals("AWS::NoValue") ? MissingNode.getInstance() : names.ref(name, where);
  }

  private JsonNode getAtt(JsonNode argument, String where) {
    if (argument.isArray() && argument.size() == 2 && argument.path(1).isTextual()) {
      return names.attribute(argument.path(0).asText(), argument.path(1).asText(), where);
    }
    return argument.asText().contains(".")
        ? attribute(argument.asText(), where)
        : refuse(where, "calls Fn::GetAtt without a resource and an attribute: " + argument);
  }

  private JsonNode attribute(String dotted, String where) {
    int dot = dotted.indexOf('.');
    return names.attribute(dotted.substring(0, dot), dotted.substring(dot + 1), where);
  }

  private JsonNode sub(JsonNode argument, String where) {
    JsonNode template = argument.isArray() ? argument.path(0) : argument;
    if (!template.isTextual()) {
      return refuse(where, "calls Fn::Sub without text");
    }
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (var given : argument.path(1).properties()) {
      values.put(given.getKey(), resolve(given.getValue(), where + '.' + given.getKey()));
    }
    VARIABLE
        .matcher(template.asText())
        .results()
        .filter(variable -> variable.group(1).isEmpty())
        .map(variable -> variable.group(2).strip())
        .forEach(name -> values.computeIfAbsent(name, _ -> variable(name, where)));
    List<Unresolved> unresolved = values.values().stream().flatMap(Intrinsics::unresolved).toList();
    return unresolved.isEmpty()
        ? TextNode.valueOf(substituted(template.asText(), values))
        : merged(unresolved.stream());
  }

  private JsonNode variable(String name, String where) {
    return name.contains(".") ? attribute(name, where) : ref(name, where);
  }

  /** Keeps {@code ${!Literal}} as {@code ${Literal}}. */
  private static String substituted(String template, Map<String, JsonNode> values) {
    return VARIABLE
        .matcher(template)
        .replaceAll(
            variable -> {
              JsonNode value = values.get(variable.group(2).strip());
              return Matcher.quoteReplacement(
                  value != null && variable.group(1).isEmpty()
                      ? value.asText()
                      : "${" + variable.group(2) + '}');
            });
  }

  private static JsonNode join(JsonNode argument, String where) {
    JsonNode parts = argument.path(1);
    if (argument.size() != 2
        || !parts.isArray()
        || parts.valueStream().anyMatch(JsonNode::isContainerNode)) {
      return refuse(where, "calls Fn::Join without a delimiter and a list of texts");
    }
    return TextNode.valueOf(
        parts
            .valueStream()
            .map(JsonNode::asText)
            .collect(Collectors.joining(argument.path(0).asText())));
  }

  private static JsonNode select(JsonNode argument, String where) {
    JsonNode selected = argument.path(1).path(argument.path(0).asInt(-1));
    return selected.isMissingNode()
        ? refuse(where, "calls Fn::Select beyond the end of its list")
        : selected;
  }

  private static JsonNode split(JsonNode argument, String where) {
    String delimiter = argument.path(0).asText();
    if (argument.size() != 2 || delimiter.isEmpty() || !argument.path(1).isTextual()) {
      return refuse(where, "calls Fn::Split without a delimiter and a text");
    }
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    Arrays.stream(argument.path(1).asText().split(Pattern.quote(delimiter), -1))
        .forEach(parts::add);
    return parts;
  }

  private JsonNode onResolved(
      JsonNode argument, String where, BiFunction<JsonNode, String, JsonNode> function) {
    JsonNode resolved = resolve(argument, where);
    List<Unresolved> unresolved = unresolved(resolved).toList();
    return unresolved.isEmpty() ? function.apply(resolved, where) : merged(unresolved.stream());
  }

  private static Stream<Unresolved> unresolved(JsonNode resolved) {
    return resolved instanceof Unresolved itself
        ? Stream.of(itself)
        : resolved.valueStream().flatMap(Intrinsics::unresolved);
  }

  private static Unresolved merged(Stream<Unresolved> parts) {
    return new Unresolved(parts.flatMap(part -> part.problems().stream()).toList());
  }

  private static Unresolved refuse(String where, String problem) {
    return new Unresolved(List.of(where + ' ' + problem));
  }
}
