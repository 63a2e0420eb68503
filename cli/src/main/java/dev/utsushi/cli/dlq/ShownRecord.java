package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.record.KeySchema;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
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

  static ShownRecord of(String text, KeySchema keySchema) {
    JsonNode json = parse(text);
    JsonNode change = json.path("dynamodb");
    JsonNode changedAt = change.path("ApproximateCreationDateTime");
    return new ShownRecord(
        documentId(change.path("Keys"), keySchema),
        json.path("eventName").asText("-"),
        changedAt.isNumber() ? Instant.ofEpochMilli((long) (changedAt.asDouble() * 1000)) : null,
        change.path("SequenceNumber").asText("-"),
        json);
  }

  private static @Nullable String documentId(JsonNode keys, KeySchema keySchema) {
    String sortKey = keySchema.sortKey();
    try {
      return DocumentId.of(
          new ItemKey(
              value(keys.path(keySchema.partitionKey())),
              sortKey == null ? null : value(keys.path(sortKey))));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Value value(JsonNode attribute) {
    if (attribute.has("S")) {
      return new Value.Text(attribute.path("S").asText());
    }
    if (attribute.has("N")) {
      return new Value.Decimal(attribute.path("N").asText());
    }
    if (attribute.has("B")) {
      return new Value.Binary(
          ByteBuffer.wrap(Base64.getDecoder().decode(attribute.path("B").asText())));
    }
    throw new IllegalArgumentException("no key of type S, N or B");
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
