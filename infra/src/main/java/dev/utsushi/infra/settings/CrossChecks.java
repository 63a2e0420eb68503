package dev.utsushi.infra.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what a schema can't see: values that are right by themselves and wrong together. */
final class CrossChecks {
  private static final int MAXIMUM_READERS = 2;

  private final YamlTree tree;
  private final MappingSource mappings;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, JsonPointer> streamsByName = new HashMap<>();
  private final Map<String, JsonPointer> newTables = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();

  private CrossChecks(YamlTree tree, MappingSource mappings) {
    this.tree = tree;
    this.mappings = mappings;
  }

  /**
   * Finds the problems of a file, and reads its mappings.
   *
   * @param tree with all defaults, and without the values that break the schema
   */
  static List<Problem> find(YamlTree tree, MappingSource mappings) {
    CrossChecks checks = new CrossChecks(tree, mappings);
    checks.checkZones();
    for (int i = 0; i < tree.json().path("streams").size(); i++) {
      checks.checkStream(JsonPointer.compile("/streams/" + i));
    }
    return checks.problems;
  }

  private void checkZones() {
    JsonNode domain = tree.json().at("/search/newDomain");
    int zones = domain.path("zones").asInt(1);
    int nodes = domain.path("dataNodes").asInt();
    if (nodes % zones != 0) {
      add(
          JsonPointer.compile("/search/newDomain/dataNodes"),
          "must be a multiple of zones: %d nodes do not spread evenly over %d"
              .formatted(nodes, zones));
    }
    JsonNode subnets = tree.json().at("/vpc/subnets");
    int covered = Set.copyOf(subnets.findValuesAsText("availabilityZone")).size();
    if (covered > 0 && covered < zones) {
      add(
          JsonPointer.compile("/vpc/subnets"),
          "must be in at least %d zones, as search.newDomain.zones says, not in %d"
              .formatted(zones, covered));
    }
  }

  private void checkStream(JsonPointer stream) {
    JsonNode settings = tree.json().at(stream);
    checkIndex(stream.appendProperty("index"), settings.path("index").asText());
    checkNewTable(stream.append(JsonPointer.compile("/table/create")));
    checkExistingTable(stream.append(JsonPointer.compile("/table/existing")));
    int factor = settings.path("parallelizationFactor").asInt();
    int reserved = settings.path("reservedConcurrency").asInt(factor);
    if (reserved < factor) {
      add(
          stream.appendProperty("reservedConcurrency"),
          "must be at least parallelizationFactor: %d throttles even one shard at a factor of %d"
              .formatted(reserved, factor));
    }
    if (settings instanceof ObjectNode object && object.has("mapping")) {
      readMapping(object, stream.appendProperty("mapping"));
    }
    checkFilterPatterns(stream.appendProperty("filterPatterns"), settings);
  }

  /** Capture and replay have the patterns in a variable, beside the mapping. */
  private void checkFilterPatterns(JsonPointer location, JsonNode stream) {
    String variables = stream.path("filterPatterns").toString() + stream.path("mapping").asText();
    int bytes = variables.getBytes(UTF_8).length;
    if (stream.has("filterPatterns") && bytes > MappingSource.MAXIMUM_BYTES) {
      String what =
          "have %d bytes, the mapping included, and a function's variables hold only %d of them";
      add(location, what.formatted(bytes, MappingSource.MAXIMUM_BYTES));
    }
  }

  /** Three names derive from one setting, so that different settings can still collide. */
  private void checkIndex(JsonPointer location, String index) {
    IndexNames names = new IndexNames(index);
    for (String name : List.of(names.reader(), names.writer(), names.first())) {
      JsonPointer other = streamsByName.putIfAbsent(name, location);
      if (!index.isEmpty() && other != null) {
        String what = "collides with the stream at line %d: both would use the name '%s'";
        add(location, what.formatted(tree.line(other), name));
        return;
      }
    }
  }

  private void checkNewTable(JsonPointer table) {
    JsonNode settings = checkSortKey(table);
    if (settings.has("sortKeyType") && !settings.has("sortKey")) {
      add(table.appendProperty("sortKeyType"), "has no effect without sortKey");
    }
    JsonPointer name = table.appendProperty("name");
    JsonPointer other = newTables.putIfAbsent(settings.path("name").asText(), name);
    if (settings.has("name") && other != null) {
      add(
          name,
          "names the table of line %d; a second stream on it needs another stack, with table.existing"
              .formatted(tree.line(other)));
    }
  }

  private void checkExistingTable(JsonPointer table) {
    JsonNode settings = checkSortKey(table);
    JsonPointer location = table.appendProperty("streamArn");
    String stream = settings.path("streamArn").asText();
    String prefix = settings.path("arn").asText() + "/stream/";
    if (settings.has("arn") && settings.has("streamArn") && !stream.startsWith(prefix)) {
      add(location, "belongs to another table; it must start with " + prefix);
    }
    if (settings.has("streamArn") && readers.merge(stream, 1, Integer::sum) > MAXIMUM_READERS) {
      String what = "has too many readers: a DynamoDB stream serves %d at a time";
      add(location, what.formatted(MAXIMUM_READERS));
    }
  }

  /** Returns the table's settings. */
  private JsonNode checkSortKey(JsonPointer table) {
    JsonNode settings = tree.json().at(table);
    if (settings.has("sortKey") && settings.path("sortKey").equals(settings.path("partitionKey"))) {
      add(
          table.appendProperty("sortKey"),
          "must not be the partition key; remove it if the table has no sort key");
    }
    return settings;
  }

  /** Sets the mapping in place of its name. */
  private void readMapping(ObjectNode stream, JsonPointer location) {
    try {
      stream.put("mapping", mappings.variable(stream.path("mapping").asText()));
    } catch (IllegalArgumentException e) {
      add(location, String.valueOf(e.getMessage()));
    }
  }

  private void add(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
