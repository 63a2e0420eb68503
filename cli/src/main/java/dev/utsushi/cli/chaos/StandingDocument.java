package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;

/** Where a document of the index stands, by what it says of itself. */
record StandingDocument(String version, boolean deleted, String indexedAt) {

  /** From a document's {@code _replication}. */
  static StandingDocument of(JsonNode replication) {
    return new StandingDocument(
        replication.path("version").asText(),
        replication.path("deleted").asBoolean(),
        replication.path("indexedAt").asText());
  }

  /** Whether this change is what made it what it is. */
  boolean isOf(Change change) {
    return change.version().equals(version) && change.removal() == deleted;
  }

  String line() {
    return (deleted ? "removal " : "") + version;
  }
}
