package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A resource that is created here, whatever is wrong with it.
 *
 * @param name as {@link ResourceNames} has it
 * @param properties resolved, with defaults filled in
 */
record Resource(String logicalId, String type, String name, ObjectNode properties) {
  static final String TABLE = "AWS::DynamoDB::Table";
  static final String GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable";
  static final String QUEUE = "AWS::SQS::Queue";
  static final String FUNCTION = "AWS::Lambda::Function";
  static final String VERSION = "AWS::Lambda::Version";
  static final String ALIAS = "AWS::Lambda::Alias";
  static final String MAPPING = "AWS::Lambda::EventSourceMapping";
  static final String DOMAIN = "AWS::OpenSearchService::Domain";

  /**
   * Reads all that a template has.
   *
   * @param problems receives what the schema refuses, and references to nothing
   */
  static List<Resource> readAll(Template template, Bindings bindings, Set<String> problems) {
    TemplateSchema.problems("template", template.root(), "").forEach(problems::add);
    var names = new ResourceNames(template, bindings.parameters(), problems);
    Set<String> providers = customResourceProviders(template);
    List<Resource> created = new ArrayList<>();
    for (var declared : template.root().path("Resources").properties()) {
      String logicalId = declared.getKey();
      String type = declared.getValue().path("Type").asText();
      ObjectNode properties = names.properties(logicalId);
      if (providers.contains(logicalId)) {
        continue;
      }
      if (TemplateSchema.creates(type)) {
        var resource = new Resource(logicalId, type, names.name(logicalId), properties);
        resource.complete(bindings);
        resource.problems(declared.getValue()).forEach(problems::add);
        created.add(resource);
      } else if (!TemplateSchema.knows(type)) {
        problems.add(logicalId + " has a type that is not supported: " + type);
      }
    }
    if (created.isEmpty()) {
      problems.add("Resources has none that is created here");
    }
    return created;
  }

  /** The functions behind custom resources, which have no meaning where those have none. */
  private static Set<String> customResourceProviders(Template template) {
    return template
        .root()
        .path("Resources")
        .valueStream()
        .filter(resource -> resource.path("Type").asText().startsWith("Custom::"))
        .map(resource -> resource.at("/Properties/ServiceToken/Fn::GetAtt/0").asText())
        .collect(Collectors.toSet());
  }

  private void complete(Bindings bindings) {
    if (bindings.code().containsKey(logicalId)) {
      properties.remove("Code");
    }
    TemplateSchema.complete(definition(), properties);
  }

  private Stream<String> problems(JsonNode declared) {
    return Stream.concat(
        TemplateSchema.problems("resource", declared, logicalId),
        TemplateSchema.problems(definition(), properties, logicalId));
  }

  private String definition() {
    return isQueueMapping() ? "queueMapping" : "resources/" + type;
  }

  boolean isQueueMapping() {
    return type.equals(MAPPING) && text("EventSourceArn").startsWith("arn:aws:sqs:");
  }

  boolean isTable() {
    return type.equals(TABLE) || type.equals(GLOBAL_TABLE);
  }

  /** The property with the name of resources of this type; empty if they have none. */
  static String nameProperty(String type) {
    return switch (type) {
      case TABLE, GLOBAL_TABLE -> "TableName";
      case QUEUE -> "QueueName";
      case FUNCTION -> "FunctionName";
      case DOMAIN -> "DomainName";
      default -> "";
    };
  }

  /** The value at a path such as {@code Code.S3Key}; missing if there is none. */
  JsonNode at(String path) {
    return properties.at('/' + path.replace('.', '/'));
  }

  /** Empty if there is no text. */
  String text(String path) {
    return optionalText(path).orElse("");
  }

  Optional<String> optionalText(String path) {
    return Optional.of(at(path)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  int integer(String path) {
    return at(path).asInt();
  }

  List<String> filterPatterns() {
    return at("FilterCriteria.Filters")
        .valueStream()
        .map(filter -> filter.path("Pattern"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .toList();
  }
}
