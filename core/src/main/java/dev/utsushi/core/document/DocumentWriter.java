package dev.utsushi.core.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a change as the document that readers find: the item's attributes at the top level and
 * what Utsushi knows of it under {@value #RESERVED}. A removal becomes a tombstone: no attributes,
 * {@code deleted} true.
 *
 * <p>Attributes that the index can't hold as fields are kept, exact, as one JSON text in {@code
 * _replication.overflow}: every attribute of the item is in its document, whatever the mapping
 * says.
 */
public final class DocumentWriter {
  /** The one object of a document that is not the item's. */
  public static final String RESERVED = "_replication";

  private static final JsonFactory JSON = new JsonFactory();

  private DocumentWriter() {}

  /**
   * Whether an attribute of this name would stand in the place of the reserved object, or (as a
   * dotted name, which the engines read as a path) of one of its fields.
   */
  public static boolean isReserved(String attributeName) {
    return attributeName.startsWith(RESERVED)
        && (attributeName.length() == RESERVED.length()
            || attributeName.charAt(RESERVED.length()) == '.');
  }

  /**
   * Writes the document of a change.
   *
   * @param indexedAt the time at which the write is sent
   * @param overflow names of attributes that go to the overflow, beside those with a reserved name
   * @return the numbers that the engine would round
   */
  public static List<ExactNumber> write(
      JsonGenerator json, Change change, Instant indexedAt, Set<String> overflow)
      throws IOException {
    return switch (change) {
      case Change.Upsert upsert -> writeItem(json, upsert, indexedAt, overflow);
      case Change.Removal removal -> writeTombstone(json, removal, indexedAt);
    };
  }

  private static List<ExactNumber> writeItem(
      JsonGenerator json, Change.Upsert upsert, Instant indexedAt, Set<String> overflow)
      throws IOException {
    ValueWriter values = new ValueWriter(json);
    boolean overflows = false;
    json.writeStartObject();
    for (var attribute : upsert.item().entrySet()) {
      if (overflows(attribute.getKey(), overflow)) {
        overflows = true;
      } else {
        values.writeAttribute(attribute.getKey(), attribute.getValue());
      }
    }
    startReplication(json, upsert, indexedAt);
    if (overflows) {
      json.writeStringField("overflow", overflowText(upsert.item(), overflow));
    }
    json.writeEndObject();
    json.writeEndObject();
    return values.exactNumbers();
  }

  private static List<ExactNumber> writeTombstone(
      JsonGenerator json, Change.Removal removal, Instant indexedAt) throws IOException {
    json.writeStartObject();
    startReplication(json, removal, indexedAt);
    json.writeEndObject();
    json.writeEndObject();
    return List.of();
  }

  private static void startReplication(JsonGenerator json, Change change, Instant indexedAt)
      throws IOException {
    json.writeObjectFieldStart(RESERVED);
    json.writeStringField("version", change.version().text());
    json.writeBooleanField("deleted", change instanceof Change.Removal);
    json.writeStringField("changedAt", change.changedAt().toString());
    json.writeStringField("indexedAt", indexedAt.toString());
  }

  private static boolean overflows(String attributeName, Set<String> overflow) {
    return isReserved(attributeName) || overflow.contains(attributeName);
  }

  private static String overflowText(Map<String, Value> item, Set<String> overflow)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      ValueWriter values = new ValueWriter(json);
      json.writeStartObject();
      for (var attribute : item.entrySet()) {
        if (overflows(attribute.getKey(), overflow)) {
          values.writeAttribute(attribute.getKey(), attribute.getValue());
        }
      }
      json.writeEndObject();
    }
    return text.toString();
  }
}
