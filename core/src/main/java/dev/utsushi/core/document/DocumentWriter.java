package dev.utsushi.core.document;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a change as the document that readers find: the item's attributes at the top level, and
 * Utsushi's own fields under {@value #RESERVED}. A removal becomes a tombstone: no attributes,
 * {@code deleted} true.
 *
 * <p>Attributes that the index cannot hold as fields are kept, exact, as one JSON text in {@code
 * _replication.overflow}: a document holds every attribute of its item, whatever the mapping says.
 */
public final class DocumentWriter {
  /** The one object of a document that does not come from the item. */
  public static final String RESERVED = "_replication";

  /** Bounds of {@code _replication.overflowed}, which is a help for searching and no copy. */
  private static final int MOST_NAMES = 100;

  private static final int LONGEST_NAME = 256;

  /** In characters, of at most three bytes each: a term of Lucene's has at most 32,766 bytes. */
  private static final int LONGEST_FIELD = 10_000;

  /**
   * The engines' own metadata: as an attribute of a document most of them are refused, and {@code
   * _doc_count} changes the results of aggregations.
   */
  private static final Set<String> METADATA =
      Set.of(
          "_id",
          "_index",
          "_type",
          "_source",
          "_routing",
          "_version",
          "_seq_no",
          "_primary_term",
          "_field_names",
          "_ignored",
          "_nested_path",
          "_doc_count",
          "_size",
          "_tier",
          "_recovery_source",
          "_data_stream_timestamp");

  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;
  private final Deque<Object> path = new ArrayDeque<>();
  private Map<String, Object> exactNumbers = Map.of();

  private DocumentWriter(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Returns the attributes that must go to the overflow because no engine takes their names: that
   * of the reserved object, dotted names, which the engines read as paths to one of its fields, the
   * engines' metadata, and names longer than a term of Lucene's, at which Elasticsearch 7 hangs.
   */
  public static Set<String> reservedNames(Change change) {
    return attributes(change).keySet().stream()
        .filter(DocumentWriter::isReserved)
        .collect(toUnmodifiableSet());
  }

  /** Returns whether no engine takes an attribute of this name. */
  public static boolean isReserved(String name) {
    return name.length() > LONGEST_FIELD
        || (name.startsWith("_")
            && (METADATA.contains(name)
                || name.equals(RESERVED)
                || name.startsWith(RESERVED + '.')));
  }

  /**
   * Writes the document of a change.
   *
   * @param indexedAt the time at which the write is sent
   * @param overflow names of the attributes that go to the overflow, the reserved ones included
   * @param unsettled whether attributes may still move from the overflow to fields
   * @return the numbers that the engine's parser would round: their digits by name, and by position
   *     in lists, in maps that are nested as the document is
   */
  public static Map<String, Object> write(
      JsonGenerator json, Change change, Instant indexedAt, Set<String> overflow, boolean unsettled)
      throws IOException {
    DocumentWriter document = new DocumentWriter(json);
    json.writeStartObject();
    document.writeAttributes(attributes(change), overflow, false);
    json.writeObjectFieldStart(RESERVED);
    json.writeStringField("version", change.version().text());
    json.writeBooleanField("deleted", change instanceof Change.Removal);
    if (change.changedAt() != null) {
      json.writeStringField("changedAt", change.changedAt().toString());
    }
    json.writeStringField("indexedAt", indexedAt.toString());
    if (!overflow.isEmpty()) {
      json.writeStringField("overflow", overflowText(attributes(change), overflow));
      document.writeOverflowed(overflow);
    }
    if (unsettled) {
      json.writeBooleanField("unsettled", true);
    }
    json.writeEndObject();
    json.writeEndObject();
    return document.exactNumbers;
  }

  private static Map<String, Value> attributes(Change change) {
    return switch (change) {
      case Change.Upsert upsert -> upsert.item();
      case Change.Removal _ -> Map.of();
    };
  }

  /** Writes the names, so that readers can find the documents that have an overflow. */
  private void writeOverflowed(Set<String> overflow) throws IOException {
    json.writeArrayFieldStart("overflowed");
    for (String name : overflow.stream().limit(MOST_NAMES).toList()) {
      json.writeString(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name);
    }
    json.writeEndArray();
  }

  private static String overflowText(Map<String, Value> item, Set<String> overflow)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      new DocumentWriter(json).writeAttributes(item, overflow, true);
      json.writeEndObject();
    }
    return text.toString();
  }

  /** Writes the attributes that are among the given names, or those that are not. */
  private void writeAttributes(Map<String, Value> item, Set<String> names, boolean among)
      throws IOException {
    for (var attribute : item.entrySet()) {
      if (names.contains(attribute.getKey()) == among) {
        writeAttribute(attribute.getKey(), attribute.getValue());
      }
    }
  }

  private void writeAttribute(String name, Value value) throws IOException {
    json.writeFieldName(name);
    path.addLast(name);
    write(value);
    path.removeLast();
  }

  private void write(Value value) throws IOException {
    switch (value) {
      case Value.Text(String text) -> json.writeString(text);
      case Value.Decimal(String digits) -> writeNumber(digits);
      case Value.Bool(boolean bool) -> json.writeBoolean(bool);
      case Value.Null _ -> json.writeNull();
      case Value.Binary(ByteBuffer bytes) -> writeBinary(bytes);
      case Value.Structure(Map<String, Value> attributes) -> {
        json.writeStartObject();
        writeAttributes(attributes, Set.of(), false);
        json.writeEndObject();
      }
      case Value.Sequence(List<Value> values) -> writeArray(values, this::write);
      case Value.TextSet(List<String> texts) -> writeArray(texts, json::writeString);
      case Value.DecimalSet(List<String> numbers) -> writeArray(numbers, this::writeNumber);
      case Value.BinarySet(List<ByteBuffer> binaries) -> writeArray(binaries, this::writeBinary);
    }
  }

  private <T> void writeArray(List<T> elements, ElementWriter<T> writer) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < elements.size(); i++) {
      path.addLast(i);
      writer.write(elements.get(i));
      path.removeLast();
    }
    json.writeEndArray();
  }

  @FunctionalInterface
  private interface ElementWriter<T> {
    void write(T element) throws IOException;
  }

  private void writeNumber(String digits) throws IOException {
    NumberLiteral literal = NumberLiteral.of(digits);
    json.writeNumber(literal.text());
    if (!literal.survivesDouble()) {
      keepExact(literal.text());
    }
  }

  @SuppressWarnings("unchecked") // inner nodes are maps: a value is a number or has numbers in it
  private void keepExact(String digits) {
    if (exactNumbers.isEmpty()) {
      exactNumbers = new LinkedHashMap<>();
    }
    Map<String, Object> parent = exactNumbers;
    var steps = path.iterator();
    String step = steps.next().toString();
    while (steps.hasNext()) {
      parent =
          (Map<String, Object>)
              parent.computeIfAbsent(step, _ -> new LinkedHashMap<String, Object>());
      step = steps.next().toString();
    }
    parent.put(step, digits);
  }

  private void writeBinary(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    json.writeBinary(copy);
  }
}
