package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a get-index request says of an index: its aliases, mapping and settings. An index template
 * of the operator's may have added to what Utsushi created.
 *
 * @param name the concrete index
 * @param content nested maps; whatever is no object is a text
 */
record IndexState(String name, Map<String, Object> content) {
  private static final JsonFactory JSON = new JsonFactory();

  private static final String REBUILD =
      "Remove that from the mapping and the index templates, and create the index again";

  private static final String OTHER_TABLE =
      "is of another table, %s, and not of %s. Give this stream an index of its own. Or, if nothing"
          + " writes the other table's items any more, hand the index over: PUT /%s/_mapping with"
          + " {\"_meta\":{}}";

  /** Parses {@code {"INDEX":{"aliases":…,"mappings":…,"settings":…}}}. */
  static IndexState parse(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      String name = parser.nextFieldName();
      parser.nextToken();
      return new IndexState(name, object(parser));
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      members.put(
          name, parser.nextToken() == JsonToken.START_OBJECT ? object(parser) : text(parser));
    }
    return members;
  }

  private static String text(JsonParser parser) throws IOException {
    StringBuilder text = new StringBuilder(parser.getText());
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int depth = 1; depth > 0; ) {
        JsonToken token = parser.nextToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        text.append(parser.getText()).append(' ');
      }
    }
    return text.toString();
  }

  /** Returns what distinguishes the index from an earlier one of its name. */
  String uuid() {
    return at("settings", "index", "uuid").toString();
  }

  /** Returns whether a pause stops its refreshes. */
  boolean isPaused() {
    return RefreshPause.isOn(at("settings", "index", "refresh_interval").toString());
  }

  boolean hasAliases() {
    return at("aliases") instanceof Map<?, ?> aliases && !aliases.isEmpty();
  }

  boolean hasAlias(String alias) {
    return at("aliases") instanceof Map<?, ?> aliases && aliases.containsKey(alias);
  }

  /** Returns whether readers of this alias see no tombstones. */
  boolean hidesTombstones(String alias) {
    return at("aliases", alias, "filter").toString().contains("_replication.deleted");
  }

  /** Returns the digest of the mapping that the index was last given; empty if there is none. */
  String mappingDigest() {
    return at("mappings", "_meta", "utsushi", "mapping").toString();
  }

  /** Returns the digest of the projection that the index was created for; empty for whole items. */
  String projectionDigest() {
    return at("mappings", "_meta", "utsushi", "projection").toString();
  }

  /** Returns the ARN of the table that the index is of; empty if nobody has noted it. */
  String table() {
    return at("mappings", "_meta", "utsushi", "table").toString();
  }

  /** Returns what to do about an index that is not of this table; empty if it may be. */
  Optional<String> otherTable(String table) {
    return table.isEmpty() || table().isEmpty() || table().equals(table)
        ? Optional.empty()
        : Optional.of(OTHER_TABLE.formatted(table(), table, name));
  }

  /**
   * Returns why documents in this index would be lost, changed or impossible to write.
   *
   * @param table the ARN of the table whose documents they are; empty if it is not known
   */
  Optional<String> problem(String table) {
    Optional<String> other = otherTable(table);
    if (other.isPresent()) {
      return other;
    }
    if (isSet("default_pipeline") || isSet("final_pipeline")) {
      return Optional.of(
          "has an ingest pipeline, which scripted updates do not pass. Set index.default_pipeline"
              + " and index.final_pipeline to _none");
    }
    if (at("settings", "index", "derived_source", "enabled").equals("true")) {
      return Optional.of("has index.derived_source, which changes documents. " + REBUILD);
    }
    if (!keepsSource()) {
      return Optional.of("does not keep the whole _source. " + REBUILD);
    }
    if (at("mappings", "_routing", "required").equals("true")) {
      return Optional.of("requires routing, but documents are found by their _id. " + REBUILD);
    }
    return Optional.empty();
  }

  /** An engine may also say what is the default anyway. */
  private boolean keepsSource() {
    Object mode = at("mappings", "_source", "mode");
    return !at("mappings", "_source", "enabled").equals("false")
        && isEmpty(at("mappings", "_source", "includes"))
        && isEmpty(at("mappings", "_source", "excludes"))
        && (mode.equals("") || mode.equals("stored"));
  }

  private static boolean isEmpty(Object list) {
    return list.toString().replaceAll("[\\[\\], ]", "").isEmpty();
  }

  private boolean isSet(String pipeline) {
    Object name = at("settings", "index", pipeline);
    return !name.equals("") && !name.equals("_none");
  }

  /** Returns what is at the path; an empty text if there is nothing. */
  private Object at(String... path) {
    Object at = content;
    for (String name : path) {
      at = at instanceof Map<?, ?> object && object.get(name) != null ? object.get(name) : "";
    }
    return at;
  }
}
