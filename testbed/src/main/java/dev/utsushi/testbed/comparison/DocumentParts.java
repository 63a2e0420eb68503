package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A document taken apart: the item's attributes, wherever they are kept, and what is wrong with the
 * rest.
 *
 * @param attributes fields and overflow together
 * @param overflowed the names of those from the overflow
 */
record DocumentParts(
    ObjectNode attributes, Set<String> overflowed, boolean tombstone, List<String> problems) {
  private static final String RESERVED = "_replication";

  /** Of an item that was read from the table: nobody knows when it changed. */
  private static final String BACKFILLED = "0000-01-01T";

  private static final Pattern VERSION = Pattern.compile(".+/\\d{40}");

  static DocumentParts of(IndexedDocument document) {
    List<String> problems = new ArrayList<>();
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    if (document.source() instanceof ObjectNode source) {
      attributes.setAll(source);
    }
    attributes.remove(RESERVED);
    JsonNode replication = document.source().path(RESERVED);
    checkReplication(replication, problems);
    boolean tombstone = replication.path("deleted").booleanValue();
    if (tombstone && !attributes.isEmpty()) {
      problems.add("a tombstone with attributes");
    }
    Set<String> overflowed = mergeOverflow(replication, attributes, problems);
    return new DocumentParts(attributes, overflowed, tombstone, problems);
  }

  private static void checkReplication(JsonNode replication, List<String> problems) {
    if (!VERSION.matcher(replication.path("version").asText()).matches()) {
      problems.add("no version of label and 40 digits");
    }
    if (!replication.path("deleted").isBoolean()) {
      problems.add("no deleted flag");
    }
    boolean backfilled = replication.path("version").asText().startsWith(BACKFILLED);
    for (String time : List.of("changedAt", "indexedAt")) {
      if (!replication.path(time).isTextual() && !(backfilled && time.equals("changedAt"))) {
        problems.add("no " + time);
      }
    }
  }

  private static Set<String> mergeOverflow(
      JsonNode replication, ObjectNode attributes, List<String> problems) {
    JsonNode text = replication.path("overflow");
    if (text.isMissingNode()) {
      return Set.of();
    }
    try {
      JsonNode overflow = SearchApi.parse(text.asText());
      Set<String> names = new HashSet<>();
      for (var each : overflow.properties()) {
        names.add(each.getKey());
        if (attributes.replace(each.getKey(), each.getValue()) != null) {
          problems.add("an attribute both as field and in the overflow");
        }
      }
      return names;
    } catch (IOException _) {
      problems.add("an overflow that is not JSON");
      return Set.of();
    }
  }
}
