package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The attribute that {@code Ref} returns. */
  static final String REF = "Ref";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");

  /** The values of parameters and of resources' attributes. */
  interface Names {

    /**
     * Returns text or {@link Unresolved}.
     *
     * @param name of a parameter, a pseudo parameter or a resource
     * @param where starts the path of a problem
     */
    JsonNode value(String name, String attribute, String where);
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

    @Override
    public String asText() {
      return "";
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
        yield call(function.getKey(), resolve(function.getValue(), where), where);
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
    return name.equals(REF) || name.equals("Condition") || name.startsWith("Fn::");
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
    List<Unresolved> unresolved = unresolved(argument).toList();
    JsonNode expected = TemplateSchema.definition("functions/" + function);
    if (expected.isMissingNode()) {
      var refused = refuse(where, "calls " + function + ", which is not supported");
      return merged(Stream.concat(Stream.of(refused), unresolved.stream()));
    }
    // A text may have more of them.
    if (!unresolved.isEmpty() && !function.equals("Fn::Sub")) {
      return merged(unresolved.stream());
    }
    if (!TemplateSchema.accepts("functions/" + function, argument)) {
      String problem = "calls %s without %s: %s";
      String missing = expected.path("description").asText();
      return refuse(where, problem.formatted(function, missing, argument));
    }
    return switch (function) {
      case REF -> ref(argument.asText(), where);
      case "Fn::GetAtt" ->
          variable(argument.isArray() ? joined(argument, ".") : argument.asText(), where);
      case "Fn::Sub" -> sub(argument, where);
      case "Fn::Join" -> TextNode.valueOf(joined(argument.get(1), argument.get(0).asText()));
      case "Fn::Select" -> select(argument, where);
      default -> split(argument.get(0).asText(), argument.get(1).asText());
    };
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

  private JsonNode ref(String name, String where) {
    return name.equals("AWS::NoValue") ? MissingNode.getInstance() : names.value(name, REF, where);
  }

  private JsonNode variable(String name, String where) {
    int dot = name.indexOf('.');
    return dot < 0
        ? names.value(name, REF, where)
        : names.value(name.substring(0, dot), name.substring(dot + 1), where);
  }

  /** Keeps {@code ${!Literal}} as {@code ${Literal}}. */
  private JsonNode sub(JsonNode argument, String where) {
    JsonNode template = argument.isArray() ? argument.path(0) : argument;
    Map<String, JsonNode> values = new LinkedHashMap<>();
    argument.path(1).properties().forEach(given -> values.put(given.getKey(), given.getValue()));
    String text =
        VARIABLE
            .matcher(template.asText())
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        match.group(1).isEmpty()
                            ? values
                                .computeIfAbsent(match.group(2).strip(), n -> variable(n, where))
                                .asText()
                            : "${" + match.group(2) + '}'));
    List<Unresolved> unresolved = values.values().stream().flatMap(Intrinsics::unresolved).toList();
    return unresolved.isEmpty() ? TextNode.valueOf(text) : merged(unresolved.stream());
  }

  private static String joined(JsonNode parts, String delimiter) {
    return parts.valueStream().map(JsonNode::asText).collect(Collectors.joining(delimiter));
  }

  private static JsonNode select(JsonNode argument, String where) {
    JsonNode selected = argument.path(1).path(argument.path(0).asInt(-1));
    return selected.isMissingNode()
        ? refuse(where, "calls Fn::Select beyond the end of its list")
        : selected;
  }

  private static JsonNode split(String delimiter, String text) {
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    Stream.of(text.split(Pattern.quote(delimiter), -1)).forEach(parts::add);
    return parts;
  }
}
