package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a template declares, as far as its sections and types are known. */
final class Declarations {
  private static final Set<String> SECTIONS =
      Set.of(
          "AWSTemplateFormatVersion",
          "Description",
          "Metadata",
          "Parameters",
          "Resources",
          "Outputs",
          // Rules check parameters before a deployment, and conditions are refused where used.
          "Rules",
          "Conditions");
  private static final Set<String> ATTRIBUTES =
      Set.of(
          "Type",
          "Properties",
          "Condition",
          "DependsOn",
          "Metadata",
          "DeletionPolicy",
          "UpdateReplacePolicy");

  private final Map<String, Declaration> byLogicalId = new LinkedHashMap<>();
  private final ObjectNode root;
  private final Problems problems;

  Declarations(ObjectNode root, Problems problems) {
    this.root = root;
    this.problems = problems;
    root.fieldNames()
        .forEachRemaining(
            section -> {
              if (!SECTIONS.contains(section)) {
                problems.add(section, "is a section that is not known here");
              }
            });
    Set<String> providers = customResourceProviders();
    for (var resource : root.path("Resources").properties()) {
      declare(resource.getKey(), resource.getValue(), providers.contains(resource.getKey()));
    }
    if (byLogicalId.isEmpty()) {
      problems.add("Resources", "has none that is known here");
    }
  }

  private void declare(String logicalId, JsonNode resource, boolean provider) {
    String typeName = resource.path("Type").asText();
    Optional<ResourceType> type =
        provider ? Optional.of(ResourceType.WITHOUT_MEANING) : ResourceType.named(typeName);
    if (type.isEmpty()) {
      problems.add(logicalId, "is of type " + typeName + ", which is not known here");
      return;
    }
    if (type.get() != ResourceType.WITHOUT_MEANING) {
      checkAttributes(logicalId, resource);
    }
    ObjectNode properties =
        resource.path("Properties") instanceof ObjectNode object
            ? object
            : JsonNodeFactory.instance.objectNode();
    byLogicalId.put(logicalId, new Declaration(logicalId, type.get(), typeName, properties));
  }

  private void checkAttributes(String logicalId, JsonNode resource) {
    for (var attribute : resource.properties()) {
      if (!ATTRIBUTES.contains(attribute.getKey())) {
        problems.add(logicalId + '.' + attribute.getKey(), "is an attribute not known here");
      }
    }
    if (resource.has("Condition")) {
      problems.add(
          logicalId,
          "stands under the condition " + resource.path("Condition").asText() + NOT_HERE);
    }
  }

  private static final String NOT_HERE = ", and conditions are not evaluated here";

  /** The functions behind custom resources, which have no meaning where those have none. */
  private Set<String> customResourceProviders() {
    return root.path("Resources")
        .valueStream()
        .filter(resource -> resource.path("Type").asText().startsWith("Custom::"))
        .map(resource -> resource.path("Properties").path("ServiceToken").path("Fn::GetAtt"))
        .map(getAtt -> getAtt.path(0).asText())
        .filter(logicalId -> !logicalId.isEmpty())
        .collect(Collectors.toSet());
  }

  Stream<Declaration> all() {
    return byLogicalId.values().stream();
  }

  Optional<Declaration> find(String logicalId) {
    return Optional.ofNullable(byLogicalId.get(logicalId));
  }

  /** Whether the template has it, also when its type is not known. */
  boolean isDeclared(String logicalId) {
    return root.path("Resources").has(logicalId);
  }

  JsonNode parameter(String name) {
    return root.path("Parameters").path(name);
  }
}
