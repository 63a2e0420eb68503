package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.utsushi.local.template.Intrinsics.Unresolved;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names everything in a template before any of it runs. A name that only a running server can give
 * (a stream's label, a queue's URL, the engine's address) gets a placeholder, which {@link
 * Placeholders} replaces at the start.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html">Pseudo
 *     parameters</a>
 */
final class ResourceNames implements Intrinsics.Names {
  static final String REGION = "us-east-1";
  static final String ACCOUNT = "000000000000";

  /** The attribute that {@code Ref} returns. */
  private static final String REF = "Ref";

  private static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of(
          "AWS::Region",
          REGION,
          "AWS::AccountId",
          ACCOUNT,
          "AWS::Partition",
          "aws",
          "AWS::URLSuffix",
          "amazonaws.com");

  private final Set<String> beingNamed = new HashSet<>();
  private final Intrinsics intrinsics = new Intrinsics(this);
  private final Template template;
  private final Map<String, String> parameters;
  private final Set<String> problems;

  /**
   * The names in one template.
   *
   * @param parameters values of template parameters, by name
   * @param problems receives references to what the template does not have, also those from where
   *     nothing has a meaning here: CloudFormation refuses them before it creates anything
   */
  ResourceNames(Template template, Map<String, String> parameters, Set<String> problems) {
    this.template = template;
    this.parameters = parameters;
    this.problems = problems;
  }

  /** Fills in the pseudo parameters that do not depend on the stack. */
  static String fillIn(String text) {
    String filled = text;
    for (var parameter : PSEUDO_PARAMETERS.entrySet()) {
      filled = filled.replace("${" + parameter.getKey() + "}", parameter.getValue());
    }
    return filled;
  }

  static String arn(String service, String resource) {
    return "arn:aws:%s:%s:%s:%s".formatted(service, REGION, ACCOUNT, resource);
  }

  /**
   * The ARN of a function, version or alias, from its ARN or its name.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html">FunctionName</a>
   */
  static String functionArn(String nameOrArn) {
    return nameOrArn.startsWith("arn:") ? nameOrArn : arn("lambda", "function:" + nameOrArn);
  }

  /** The ARN of the function itself, without a version or an alias. */
  static String unqualifiedArn(String nameOrArn) {
    return functionArn(nameOrArn).replaceFirst("(:function:[^:]*):.*$", "$1");
  }

  /** Resolves the properties of a resource, whatever its type, and adds its name. */
  ObjectNode properties(String logicalId) {
    JsonNode resource = template.resource(logicalId);
    JsonNode dependsOn = resource.path("DependsOn");
    (dependsOn.isTextual() ? Stream.of(dependsOn) : dependsOn.valueStream())
        .forEach(name -> attribute(name.asText(), REF, logicalId + ".DependsOn"));
    ObjectNode properties = intrinsics.fields(resource.path("Properties"), logicalId);
    String nameProperty = Resource.nameProperty(resource.path("Type").asText());
    if (!nameProperty.isEmpty() && !properties.has(nameProperty)) {
      properties.put(nameProperty, name(logicalId));
    }
    return properties;
  }

  @Override
  public JsonNode ref(String name, String where) {
    if (name.equals("AWS::StackName")) {
      return TextNode.valueOf(template.stackName());
    }
    if (name.startsWith("AWS::")) {
      String value = PSEUDO_PARAMETERS.get(name);
      return value == null
          ? unresolved(where, name, "which is not supported")
          : TextNode.valueOf(value);
    }
    JsonNode parameter = template.root().path("Parameters").path(name);
    return parameter.isMissingNode()
        ? attribute(name, REF, where)
        : parameter(name, parameter, where);
  }

  private JsonNode parameter(String name, JsonNode declared, String where) {
    String value = parameters.get(name);
    if (value != null) {
      return TextNode.valueOf(value);
    }
    if (declared.path("Type").asText().startsWith("AWS::SSM::")) {
      return unresolved(where, name, "a parameter from Parameter Store: give it a value");
    }
    return declared.has("Default")
        ? TextNode.valueOf(declared.path("Default").asText())
        : unresolved(where, name, "a parameter without a default: give it a value");
  }

  @Override
  public JsonNode attribute(String logicalId, String attribute, String where) {
    String what = attribute.equals(REF) ? logicalId : logicalId + '.' + attribute;
    JsonNode resource = template.resource(logicalId);
    if (resource.isMissingNode()) {
      return reported(where, what, "which is not in the template");
    }
    String type = resource.path("Type").asText();
    if (!TemplateSchema.creates(type)) {
      return unresolved(where, what, "of type " + type + ", which is not created here");
    }
    if (!beingNamed.add(logicalId)) {
      return reported(where, what, "which refers back to itself");
    }
    try {
      String name = name(logicalId);
      String value = attributes(logicalId, type, name).get(attribute);
      if (name.isEmpty()) {
        // A problem of that resource's already.
        return new Unresolved(List.of());
      }
      return value == null ? unresolved(where, what, missing(attribute)) : TextNode.valueOf(value);
    } finally {
      beingNamed.remove(logicalId);
    }
  }

  /** A problem wherever it is, and so not left to whether the value has a use. */
  private Unresolved reported(String where, String what, String why) {
    problems.addAll(unresolved(where, what, why).problems());
    return new Unresolved(List.of());
  }

  private static Unresolved unresolved(String where, String what, String why) {
    return new Unresolved(List.of("%s refers to %s, %s".formatted(where, what, why)));
  }

  private static String missing(String attribute) {
    return attribute.equals("StreamArn")
        ? "but the table has no stream"
        : "which has no value here";
  }

  private Map<String, String> attributes(String logicalId, String type, String name) {
    return switch (type) {
      case Resource.TABLE, Resource.GLOBAL_TABLE -> {
        String arn = arn("dynamodb", "table/" + name);
        yield template.resource(logicalId).at("/Properties").has("StreamSpecification")
            ? Map.of(REF, name, "Arn", arn, "StreamArn", Placeholders.streamArn(name))
            : Map.of(REF, name, "Arn", arn);
      }
      case Resource.QUEUE -> {
        String url = Placeholders.queueUrl(name);
        yield Map.of(REF, url, "QueueUrl", url, "QueueName", name, "Arn", arn("sqs", name));
      }
      case Resource.FUNCTION -> Map.of(REF, name, "Arn", functionArn(name));
      case Resource.VERSION -> Map.of(REF, name, "FunctionArn", name, "Version", "1");
      case Resource.ALIAS -> Map.of(REF, name, "AliasArn", name);
      case Resource.DOMAIN -> {
        String arn = arn("es", "domain/" + name);
        String host = Placeholders.domainHost(name);
        yield Map.of(REF, name, "Arn", arn, "DomainArn", arn, "DomainEndpoint", host);
      }
      default -> Map.of();
    };
  }

  /**
   * The name that the template gives, or one as CloudFormation generates them; of a version or an
   * alias the ARN, with one published version of each function. Empty if it can't be resolved.
   */
  String name(String logicalId) {
    String type = template.resource(logicalId).path("Type").asText();
    return switch (type) {
      case Resource.VERSION -> qualified(property(logicalId, "FunctionName"), "1");
      case Resource.ALIAS ->
          qualified(property(logicalId, "FunctionName"), property(logicalId, "Name"));
      default -> {
        JsonNode resolved = resolved(logicalId, Resource.nameProperty(type));
        yield resolved.isMissingNode()
            ? generated(logicalId, type.equals(Resource.DOMAIN))
            : text(resolved);
      }
    };
  }

  private static String qualified(String function, String qualifier) {
    return function.isEmpty() || qualifier.isEmpty() ? "" : functionArn(function) + ':' + qualifier;
  }

  private String property(String logicalId, String property) {
    return text(resolved(logicalId, property));
  }

  private JsonNode resolved(String logicalId, String property) {
    JsonNode given = template.resource(logicalId).path("Properties").path(property);
    return intrinsics.resolve(given, logicalId + '.' + property);
  }

  private static String text(JsonNode resolved) {
    return resolved instanceof Unresolved ? "" : resolved.asText();
  }

  /** The logical id comes last and is kept whole, since it tells two names apart. */
  private String generated(String logicalId, boolean domain) {
    String name = template.stackName().replaceAll("[^A-Za-z0-9-]", "-") + '-' + logicalId;
    int longest = domain ? 28 : 64;
    String cut = name.substring(Math.max(0, name.length() - longest)).replaceFirst("^-+", "");
    return domain ? cut.toLowerCase(Locale.ROOT) : cut;
  }
}
