package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.projection.TargetProblem;
import dev.utsushi.core.projection.TargetsReader;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.List;
import java.util.stream.Stream;

/** Checks the targets of a stream as the function does when it starts, with lines. */
final class TargetChecks {
  private static final String TARGETS = "targets";

  private static final String TOMBSTONES =
      "The index %s shows some items only. If the table's stream has the view type NEW_IMAGE, each"
          + " change of another item writes a tombstone to it: give the stream the view type"
          + " NEW_AND_OLD_IMAGES. See docs/single-table.md.";

  private final YamlTree tree;
  private final NamedFiles files;
  private final List<Problem> problems;

  TargetChecks(YamlTree tree, NamedFiles files, List<Problem> problems) {
    this.tree = tree;
    this.files = files;
    this.problems = problems;
  }

  /** Sets the index of each stream that has targets: the first of them names the stream. */
  static void nameStreams(YamlTree tree) {
    for (JsonNode stream : tree.json().path("streams")) {
      JsonNode first = stream.path(TARGETS).path(0).path("index");
      if (stream instanceof ObjectNode object && first.isTextual() && !object.has("index")) {
        object.set("index", first);
      }
    }
  }

  /** Checks the targets, and sets them as one text with their mappings. */
  void check(JsonPointer stream, ObjectNode settings) {
    if (!(settings.path(TARGETS) instanceof ArrayNode given)) {
      return;
    }
    JsonPointer targets = stream.appendProperty(TARGETS);
    for (String alone : List.of("index", "mapping")) {
      if (tree.isGiven(stream.appendProperty(alone))) {
        add(stream.appendProperty(alone), "must be in targets; remove it here");
      }
    }
    ArrayNode complete = given.deepCopy();
    for (int i = 0; i < complete.size(); i++) {
      JsonPointer mapping = targets.appendIndex(i).appendProperty("mapping");
      if (complete.get(i) instanceof ObjectNode target && target.has("mapping")) {
        readMapping(target, mapping);
      }
      checkClass(complete.get(i), targets.appendIndex(i));
    }
    for (TargetProblem problem : new TargetsReader(keys(settings)).read(complete.toString())) {
      JsonPointer at = targets.append(JsonPointer.compile(problem.pointer()));
      // The schema and the names of other streams say more of names, and the file of a mapping.
      if (!at.last().mayMatchProperty()
          || !List.of("index", "mapping").contains(at.last().getMatchingProperty())) {
        add(at, problem.what());
      }
    }
    addWarnings(settings, given);
    settings.put(TARGETS, complete.toString());
  }

  private static List<String> keys(JsonNode stream) {
    JsonNode table = stream.path("table");
    JsonNode one = table.has("create") ? table.path("create") : table.path("existing");
    return Stream.of("partitionKey", "sortKey")
        .map(one::path)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .toList();
  }

  /** The jar of the functions that a settings file deploys has no class of anybody else's. */
  private void checkClass(JsonNode target, JsonPointer location) {
    if (target.has("class") && !target.has("layer")) {
      add(location.appendProperty("layer"), "is missing: the layer that has the class");
    } else if (target.has("layer") && !target.has("class")) {
      add(location.appendProperty("layer"), "has no effect without class");
    }
  }

  private void readMapping(ObjectNode target, JsonPointer location) {
    try {
      String mapping = files.find(target.path("mapping").asText());
      if (mapping.startsWith("{")) {
        target.set("mapping", NamedFiles.parse(mapping));
      }
    } catch (IllegalArgumentException e) {
      add(location, String.valueOf(e.getMessage()));
      target.remove("mapping");
    }
  }

  /** What a new table's stream sends is known. */
  private static void addWarnings(ObjectNode settings, ArrayNode targets) {
    if (!settings.path("table").has("existing")
        || settings.path("source").asText("dynamodb").equals("kinesis")) {
      return;
    }
    ArrayNode warnings = settings.withArray("filterWarnings");
    targets
        .valueStream()
        .filter(target -> target.has("where") || target.has("class"))
        .map(target -> TOMBSTONES.formatted(target.path("index").asText()))
        .forEach(warnings::add);
  }

  private void add(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
