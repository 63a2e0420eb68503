package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What everything in a template is called before any of it runs. A name that only a running server
 * can give (a stream's label, a queue's URL, the engine's address) has a stand-in, which {@link
 * StandIns} replaces at the start.
 */
final class Names implements References {
  private static final Reference NO_NAME = new Reference.None("which has no name here");

  private final Map<String, String> known = new HashMap<>();
  private final Set<String> beingNamed = new HashSet<>();
  private final String stackName;
  private final Declarations declarations;
  private final Map<String, String> parameters;
  private final Intrinsics intrinsics;

  Names(
      String stackName,
      Declarations declarations,
      Map<String, String> parameters,
      Problems problems) {
    this.stackName = stackName;
    this.declarations = declarations;
    this.parameters = parameters;
    this.intrinsics = new Intrinsics(this, problems);
  }

  @Override
  public Reference ref(String name) {
    if (name.equals("AWS::StackName")) {
      return new Reference.Text(stackName);
    }
    var pseudo = AwsEnvironment.pseudoParameter(name);
    if (pseudo.isPresent()) {
      return new Reference.Text(pseudo.get());
    }
    return declarations.parameter(name).isMissingNode()
        ? onResource(name, this::refOf)
        : parameter(name);
  }

  private Reference parameter(String name) {
    JsonNode declared = declarations.parameter(name);
    if (parameters.containsKey(name)) {
      return new Reference.Text(parameters.get(name));
    }
    if (declared.path("Type").asText().startsWith("AWS::SSM::")) {
      return new Reference.None("a parameter whose value is in Parameter Store: give it one");
    }
    return declared.has("Default")
        ? new Reference.Text(declared.path("Default").asText())
        : new Reference.None("a parameter without a default: give it a value");
  }

  @Override
  public Reference attribute(String logicalId, String attribute) {
    return onResource(logicalId, declaration -> attributeOf(declaration, attribute));
  }

  private Reference onResource(String logicalId, Function<Declaration, Reference> then) {
    var declaration = declarations.find(logicalId);
    if (declaration.isEmpty()) {
      return new Reference.None(
          declarations.isDeclared(logicalId)
              ? "which is not known here"
              : "which the template does not have");
    }
    if (!beingNamed.add(logicalId)) {
      return new Reference.None("which refers back to itself");
    }
    try {
      return then.apply(declaration.get());
    } finally {
      beingNamed.remove(logicalId);
    }
  }

  private Reference refOf(Declaration resource) {
    return switch (resource.type()) {
      case TABLE, GLOBAL_TABLE, FUNCTION, DOMAIN -> new Reference.Text(nameOf(resource));
      case QUEUE -> new Reference.Text(StandIns.queueUrl(nameOf(resource)));
      case VERSION -> new Reference.Text(versionOf(resource).arn());
      case ALIAS -> new Reference.Text(aliasOf(resource).arn());
      case EVENT_SOURCE_MAPPING -> NO_NAME;
      case WITHOUT_MEANING -> withoutMeaning(resource);
    };
  }

  private Reference attributeOf(Declaration resource, String attribute) {
    return switch (resource.type()) {
      case TABLE, GLOBAL_TABLE -> ofTable(resource, attribute);
      case QUEUE -> ofQueue(nameOf(resource), attribute);
      case FUNCTION ->
          text(attribute.equals("Arn"), FunctionReference.parse(nameOf(resource)).arn());
      case VERSION ->
          attribute.equals("Version")
              ? new Reference.Text(versionOf(resource).qualifier())
              : text(attribute.equals("FunctionArn"), versionOf(resource).arn());
      case ALIAS -> text(attribute.equals("AliasArn"), aliasOf(resource).arn());
      case DOMAIN -> ofDomain(nameOf(resource), attribute);
      case EVENT_SOURCE_MAPPING -> NO_NAME;
      case WITHOUT_MEANING -> withoutMeaning(resource);
    };
  }

  private Reference ofTable(Declaration table, String attribute) {
    return switch (attribute) {
      case "Arn" -> new Reference.Text(StandIns.tableArn(nameOf(table)));
      case "StreamArn" ->
          table.properties().has("StreamSpecification")
              ? new Reference.Text(StandIns.streamArn(nameOf(table)))
              : new Reference.None("but that table has no stream");
      default -> NO_NAME;
    };
  }

  private static Reference ofQueue(String name, String attribute) {
    return switch (attribute) {
      case "Arn" -> new Reference.Text(AwsEnvironment.arn("sqs", name));
      case "QueueName" -> new Reference.Text(name);
      case "QueueUrl" -> new Reference.Text(StandIns.queueUrl(name));
      default -> NO_NAME;
    };
  }

  private static Reference ofDomain(String name, String attribute) {
    return switch (attribute) {
      case "Arn", "DomainArn" -> new Reference.Text(AwsEnvironment.arn("es", "domain/" + name));
      case "DomainEndpoint" -> new Reference.Text(StandIns.domainHost(name));
      default -> NO_NAME;
    };
  }

  private static Reference text(boolean known, String text) {
    return known ? new Reference.Text(text) : NO_NAME;
  }

  private static Reference withoutMeaning(Declaration resource) {
    return new Reference.None("of type " + resource.typeName() + ", which has no meaning here");
  }

  /** Every function has one published version here. */
  FunctionReference versionOf(Declaration version) {
    return FunctionReference.parse(property(version, "FunctionName")).qualified("1");
  }

  FunctionReference aliasOf(Declaration alias) {
    return FunctionReference.parse(property(alias, "FunctionName"))
        .qualified(property(alias, "Name"));
  }

  /** The name that the template gives, or one as CloudFormation makes them. */
  String nameOf(Declaration resource) {
    String given =
        switch (resource.type()) {
          case TABLE, GLOBAL_TABLE -> property(resource, "TableName");
          case QUEUE -> property(resource, "QueueName");
          case FUNCTION -> property(resource, "FunctionName");
          case DOMAIN -> property(resource, "DomainName");
          case VERSION, ALIAS, EVENT_SOURCE_MAPPING, WITHOUT_MEANING -> "";
        };
    return given.isEmpty() ? generated(resource) : given;
  }

  private String property(Declaration resource, String property) {
    String where = resource.logicalId() + '.' + property;
    String text = known.get(where);
    if (text == null) {
      var resolved = intrinsics.resolve(resource.properties().path(property), where);
      text = resolved instanceof Resolution.Value(JsonNode value) ? value.asText() : "";
      known.put(where, text);
    }
    return text;
  }

  /** The logical id comes last and is kept whole: it is what tells two names apart. */
  private String generated(Declaration resource) {
    boolean domain = resource.type() == ResourceType.DOMAIN;
    String name = stackName.replaceAll("[^A-Za-z0-9-]", "-") + '-' + resource.logicalId();
    int longest = domain ? 28 : 64;
    String cut = name.substring(Math.max(0, name.length() - longest)).replaceFirst("^-+", "");
    return domain ? cut.toLowerCase(Locale.ROOT) : cut;
  }
}
