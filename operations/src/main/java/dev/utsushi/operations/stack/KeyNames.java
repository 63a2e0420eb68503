package dev.utsushi.operations.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The names of a table's key attributes, which make ids out of a record's keys. */
public record KeyNames(String partition, @Nullable String sort) {

  /**
   * The id of the document that a record is about, as the function would make it.
   *
   * @param keys as records have them: {@code {"dealId": {"S": "deal-1"}}}
   * @return null if these are not the table's keys
   */
  public @Nullable String documentId(JsonNode keys) {
    try {
      return DocumentId.of(
          new ItemKey(value(keys.path(partition)), sort == null ? null : value(keys.path(sort))));
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
}
