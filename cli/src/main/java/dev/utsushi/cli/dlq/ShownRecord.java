package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.operations.stack.KeyNames;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is shown.
 *
 * @param id of its document; null if its keys are not the table's
 * @param changedAt null if it does not say
 * @param json all of it, as Lambda's event has it
 */
record ShownRecord(
    @Nullable String id,
    String eventName,
    @Nullable Instant changedAt,
    String sequenceNumber,
    JsonNode json) {
  private static final JsonMapper JSON = new JsonMapper();

  static ShownRecord of(String text, KeyNames keyNames) {
    JsonNode json = parse(text);
    JsonNode change = json.path("dynamodb");
    JsonNode changedAt = change.path("ApproximateCreationDateTime");
    return new ShownRecord(
        keyNames.documentId(change.path("Keys")),
        json.path("eventName").asText("-"),
        changedAt.isNumber() ? Instant.ofEpochMilli((long) (changedAt.asDouble() * 1000)) : null,
        change.path("SequenceNumber").asText("-"),
        json);
  }

  JsonNode keys() {
    return json.path("dynamodb").path("Keys");
  }

  /** The item as the change left it; missing for a removal. */
  JsonNode newImage() {
    return json.path("dynamodb").path("NewImage");
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a dead letter's records are JSON", e);
    }
  }
}
