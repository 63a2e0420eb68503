package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.utsushi.core.settings.Suggestion;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds what breaks the schema, and words it: a validator's own messages name neither a line nor
 * what was meant.
 */
final class SchemaProblems {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V7)
          .getSchema(
              SchemaPart.FILE.json(),
              SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());

  private final YamlTree tree;
  private final List<JsonPointer> wrongValues = new ArrayList<>();

  private SchemaProblems(YamlTree tree) {
    this.tree = tree;
  }

  /** Finds the problems of a file, and removes the values that have them from its tree. */
  static Set<Problem> find(YamlTree tree) {
    SchemaProblems problems = new SchemaProblems(tree);
    Set<Problem> found = new LinkedHashSet<>();
    for (ValidationMessage finding : SCHEMA.validate(tree.json())) {
      JsonPointer location = JsonPointer.compile(finding.getInstanceLocation().toString());
      problems.of(finding, location).ifPresent(found::add);
    }
    problems.wrongValues.forEach(tree::remove);
    found.addAll(problems.withoutIndex());
    return found;
  }

  /** An index alone, or targets, which the validator would not name. */
  private List<Problem> withoutIndex() {
    List<Problem> found = new ArrayList<>();
    JsonPointer streams = JsonPointer.compile("/streams");
    for (int i = 0; i < tree.json().at(streams).size(); i++) {
      JsonPointer stream = streams.appendIndex(i);
      boolean hasOne =
          Stream.of("index", "targets").map(stream::appendProperty).anyMatch(tree::isGiven);
      if (tree.json().at(stream).isObject() && !hasOne) {
        found.add(missing(stream, "index", SchemaPart.of(stream)));
      }
    }
    return found;
  }

  private Optional<Problem> of(ValidationMessage finding, JsonPointer location) {
    SchemaPart part = SchemaPart.of(location);
    return switch (finding.getType()) {
      case "additionalProperties" -> Optional.of(unknown(location, finding.getProperty(), part));
      case "required" -> Optional.of(missing(location, finding.getProperty(), part));
      case "minProperties", "maxProperties" -> choice(finding.getInstanceNode(), location, part);
      case "maxItems" ->
          Optional.of(
              tree.problem(
                  location,
                  "must have at most %s entries, not %d: %s"
                      .formatted(
                          part.json().path("maxItems").asText(),
                          finding.getInstanceNode().size(),
                          part.description())));
      case "minItems" -> Optional.of(tree.problem(location, "must have at least 1 entry"));
      default -> Optional.of(wrong(location, part));
    };
  }

  private Problem unknown(JsonPointer section, String name, SchemaPart part) {
    JsonPointer key = section.appendProperty(name);
    wrongValues.add(key);
    return tree.problem(key, "is an unknown key" + hint(name, part.keys()));
  }

  private Problem missing(JsonPointer section, String name, SchemaPart part) {
    String description = part.key(name).description();
    return tree.problem(section.appendProperty(name), "is missing: " + description);
  }

  private Optional<Problem> choice(JsonNode given, JsonPointer section, SchemaPart part) {
    if (part.keys().isEmpty()) {
      String what = "must have at most %s entries, not %d";
      String most = part.json().path("maxProperties").asText();
      return Optional.of(tree.problem(section, what.formatted(most, given.size())));
    }
    if (given.propertyStream().allMatch(entry -> part.keys().contains(entry.getKey()))) {
      String choices = String.join(", ", part.keys());
      return Optional.of(tree.problem(section, "must have exactly one of: " + choices));
    }
    // The unknown key is a problem already: most likely it is the choice that was meant.
    return Optional.empty();
  }

  private Problem wrong(JsonPointer location, SchemaPart part) {
    wrongValues.add(location);
    JsonNode value = tree.json().at(location);
    if (value.isNull()) {
      return tree.problem(location, "has no value; set one or remove the key");
    }
    boolean container = part.isA("object") || part.isA("array");
    String hint = part.isA("string") ? hint(value.asText(), part.words()) : "";
    return tree.problem(location, part.rule() + (container ? "" : but(value)) + hint);
  }

  private static String but(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> ", not a list";
      case OBJECT -> ", not a section";
      default -> ", not '" + value.asText() + "'";
    };
  }

  private static String hint(String given, Collection<String> known) {
    return Suggestion.nearest(given, known).map(word -> "; did you mean " + word + "?").orElse("");
  }
}
