package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.utsushi.local.template.Intrinsics.Unresolved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Resolves and names everything in a template before any of it runs. A name that only a running
 * server can give (a stream's label, a queue's URL, the engine's address) gets a placeholder, which
 * {@link Deployment} replaces at the start.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html">Pseudo
 *     parameters</a>
 */
final class ResourceReader implements Intrinsics.Names {
  private static final Map<String, String> PSEUDO_PARAMETERS =
      TemplateSchema.texts("pseudoParameters");

  private final Map<String, Resource> resources = new HashMap<>();
  private final Set<String> beingRead = new HashSet<>();
  private final Intrinsics intrinsics = new Intrinsics(this);
  private final Template template;
  private final Bindings bindings;
  private final Set<String> problems;

  /**
   * @param problems receives what the schema refuses, and references to what the template does not
   *     have, also those in resources that have no meaning here: CloudFormation refuses them before
   *     it creates anything
   */
  ResourceReader(Template template, Bindings bindings, Set<String> problems) {
    this.template = template;
    this.bindings = bindings;
    this.problems = problems;
  }

  /** Replaces each key in a text by its value. */
  static String replaceAll(String text, Map<String, String> replacements) {
    String replaced = text;
    for (var replacement : replacements.entrySet()) {
      replaced = replaced.replace(replacement.getKey(), replacement.getValue());
    }
    return replaced;
  }

  /** Fills in the pseudo parameters that do not depend on the stack. */
  static String fillIn(String text) {
    return replaceAll(text.replaceAll("\\$\\{(AWS::\\w+)}", "$1"), PSEUDO_PARAMETERS);
  }

  /**
   * Returns the ARN of a function, version or alias, from its ARN or its name.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html">FunctionName</a>
   */
  static String functionArn(String nameOrArn) {
    return nameOrArn.startsWith("arn:")
        ? nameOrArn
        : TemplateSchema.attributes(Resource.FUNCTION, nameOrArn).getOrDefault("Arn", "");
  }

  /** Returns the resources that are created here, even those with problems. */
  List<Resource> readAll() {
    TemplateSchema.problems("template", template.root(), "").forEach(problems::add);
    Set<String> providers = customResourceProviders();
    List<Resource> created = new ArrayList<>();
    for (var declared : template.root().path("Resources").properties()) {
      String logicalId = declared.getKey();
      Resource resource = resource(logicalId);
      if (providers.contains(logicalId)) {
        continue;
      }
      if (TemplateSchema.creates(resource.type())) {
        check(resource, declared.getValue());
        created.add(resource);
      } else if (!TemplateSchema.knows(resource.type())) {
        problems.add(logicalId + " has a type that is not supported: " + resource.type());
      }
    }
    if (created.isEmpty()) {
      problems.add("Resources has none that is created here");
    }
    return created;
  }

  /** Finds the functions behind custom resources, which have no meaning where those have none. */
  private Set<String> customResourceProviders() {
    return template
        .root()
        .path("Resources")
        .valueStream()
        .filter(resource -> resource.path("Type").asText().startsWith("Custom::"))
        .map(resource -> resource.at("/Properties/ServiceToken/Fn::GetAtt/0").asText())
        .collect(Collectors.toSet());
  }

  /**
   * Fills in defaults, adds what the schema refuses to the problems, and removes what has no
   * meaning here.
   */
  private void check(Resource resource, JsonNode declared) {
    String logicalId = resource.logicalId();
    String definition = resource.definition();
    if (bindings.code().containsKey(logicalId)) {
      resource.properties().remove("Code");
    }
    TemplateSchema.complete(definition, resource.properties());
    TemplateSchema.problems("resource", declared, logicalId).forEach(problems::add);
    TemplateSchema.problems(definition, resource.properties(), logicalId).forEach(problems::add);
    TemplateSchema.removeIgnored(definition, resource.properties());
  }

  /** Resolves a resource of any type, after those that it refers to. */
  private Resource resource(String logicalId) {
    Resource known = resources.get(logicalId);
    if (known != null) {
      return known;
    }
    beingRead.add(logicalId);
    JsonNode declared = template.resource(logicalId);
    String type = declared.path("Type").asText();
    JsonNode dependsOn = declared.path("DependsOn");
    (dependsOn.isTextual() ? Stream.of(dependsOn) : dependsOn.valueStream())
        .forEach(name -> attribute(name.asText(), Intrinsics.REF, logicalId + ".DependsOn"));
    ObjectNode properties = intrinsics.fields(declared.path("Properties"), logicalId);
    String name = name(logicalId, type, properties);
    String nameProperty = TemplateSchema.nameProperty(type);
    if (!nameProperty.isEmpty() && !properties.has(nameProperty)) {
      properties.put(nameProperty, name);
    }
    Map<String, String> attributes = TemplateSchema.attributes(type, name);
    if (!properties.has("StreamSpecification")) {
      attributes.remove("StreamArn");
    }
    var resource = new Resource(logicalId, type, name, attributes, properties);
    resources.put(logicalId, resource);
    beingRead.remove(logicalId);
    return resource;
  }

  private String name(String logicalId, String type, ObjectNode properties) {
    String function = properties.path("FunctionName").asText();
    return switch (type) {
      case Resource.VERSION -> qualified(function, "1");
      case Resource.ALIAS -> qualified(function, properties.path("Name").asText());
      case Resource.CONSUMER -> consumer(properties);
      default ->
          properties.has(TemplateSchema.nameProperty(type))
              ? properties.path(TemplateSchema.nameProperty(type)).asText()
              : generated(logicalId, type.equals(Resource.DOMAIN));
    };
  }

  /** In AWS the time of its creation follows. */
  private static String consumer(ObjectNode properties) {
    String stream = properties.path("StreamARN").asText();
    String name = properties.path("ConsumerName").asText();
    return stream.isEmpty() || name.isEmpty() ? "" : stream + "/consumer/" + name + ":0";
  }

  private static String qualified(String function, String qualifier) {
    return function.isEmpty() || qualifier.isEmpty() ? "" : functionArn(function) + ':' + qualifier;
  }

  /** The logical id comes last and is kept whole, since it distinguishes the names. */
  private String generated(String logicalId, boolean domain) {
    String name = template.stackName().replaceAll("[^A-Za-z0-9-]", "-") + '-' + logicalId;
    int longest = domain ? 28 : 64;
    String cut = name.substring(Math.max(0, name.length() - longest)).replaceFirst("^-+", "");
    return domain ? cut.toLowerCase(Locale.ROOT) : cut;
  }

  @Override
  public JsonNode value(String name, String attribute, String where) {
    JsonNode parameter = template.root().path("Parameters").path(name);
    if (name.startsWith("AWS::")) {
      String value =
          name.equals("AWS::StackName") ? template.stackName() : PSEUDO_PARAMETERS.get(name);
      return value == null
          ? unresolved(where, name, "which is not supported")
          : TextNode.valueOf(value);
    }
    return parameter.isMissingNode() || !attribute.equals(Intrinsics.REF)
        ? attribute(name, attribute, where)
        : parameter(name, parameter, where);
  }

  private JsonNode parameter(String name, JsonNode declared, String where) {
    String value = bindings.parameters().get(name);
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

  private JsonNode attribute(String logicalId, String attribute, String where) {
    String what = attribute.equals(Intrinsics.REF) ? logicalId : logicalId + '.' + attribute;
    JsonNode declared = template.resource(logicalId);
    if (declared.isMissingNode()) {
      return reported(where, what, "which is not in the template");
    }
    String type = declared.path("Type").asText();
    if (!TemplateSchema.creates(type)) {
      return unresolved(where, what, "of type " + type + ", which is not created here");
    }
    if (beingRead.contains(logicalId)) {
      return reported(where, what, "which refers back to itself");
    }
    Resource resource = resource(logicalId);
    String value = resource.attributes().get(attribute);
    if (resource.name().isEmpty()) {
      // A problem of that resource's already.
      return new Unresolved(List.of());
    }
    if (value == null) {
      boolean stream = attribute.equals("StreamArn");
      String why = stream ? "but the table has no stream" : "which has no value here";
      return unresolved(where, what, why);
    }
    return TextNode.valueOf(value);
  }

  /** A problem wherever it is, and so not left to whether the value has a use. */
  private Unresolved reported(String where, String what, String why) {
    problems.addAll(unresolved(where, what, why).problems());
    return new Unresolved(List.of());
  }

  private static Unresolved unresolved(String where, String what, String why) {
    return new Unresolved(List.of("%s refers to %s, %s".formatted(where, what, why)));
  }
}
