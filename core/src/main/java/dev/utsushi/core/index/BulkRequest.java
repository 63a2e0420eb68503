package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bulk request of scripted upserts and of creations, written in one pass. */
final class BulkRequest {
  /**
   * Compares the versions, under the document's lock: one round trip, and no other writer can come
   * in between.
   *
   * <p>A document that does not exist, or that Utsushi did not write (no version), is replaced. One
   * of the same version is replaced if the search for its overflow did not end, or by a repair if
   * nobody wrote it since it was read. {@code exact} restores the numbers that the parser of the
   * request rounded.
   *
   * <p>A change of an older stream than the document's is superseded, unless DynamoDB made it later
   * than the document's: then two streams are live, and the script throws {@link
   * BulkReply#OLDER_STREAM}.
   *
   * <p>A change from Kinesis is superseded by one of the table's own stream from a later second: a
   * table moves, Kinesis is behind, and the document would go back. Only times from Kinesis are
   * more precise than a second.
   */
  static final SerializableString UPSERT =
      new SerializedString(
          """
          void restore(def at, Map exact) {
            for (def number : exact.entrySet()) {
              def step = at instanceof List ? Integer.parseInt(number.getKey()) : number.getKey();
              if (number.getValue() instanceof Map) { restore(at[step], number.getValue()); }
              else { at[step] = new BigDecimal(number.getValue()); }
            }
          }
          def current = ctx._source._replication;
          def next = params.document._replication;
          if (current != null && current.version != null) {
            int order = current.version.compareTo(next.version);
            boolean repairs = params.repairs != null
                && params.repairs.equals(current.indexedAt == null ? '' : current.indexedAt);
            boolean done = current.unsettled == null && !repairs
                && !(params.refines && current.overflow != null);
            if (order > 0 && current.changedAt != null && next.changedAt != null
                && next.changedAt.compareTo(current.changedAt) > 0
                && !current.version.startsWith(next.version.substring(0, next.version.indexOf('/') + 1))) {
              throw new ConcurrentModificationException();
            }
            boolean wouldGoBack = order < 0 && current.changedAt != null && next.changedAt != null
                && next.changedAt.length() > 20
                && current.changedAt.substring(0, 19).compareTo(next.changedAt.substring(0, 19)) > 0
                && !current.version.startsWith(next.version.substring(0, next.version.indexOf('/') + 1));
            if (order > 0 || (order == 0 && done) || wouldGoBack) { ctx.op = 'none'; return; }
          }
          restore(params.document, params.exact);
          ctx._source = params.document;
          """);

  /** Leaves every document as it is. */
  static final SerializableString NO_OP = new SerializedString("ctx.op = 'none';");

  /** Deletes a tombstone, unless anybody wrote the document since it was read. */
  static final SerializableString PURGE =
      new SerializedString(
          """
          def current = ctx._source._replication;
          def read = params.document._replication;
          ctx.op = current != null && current.deleted == true
              && read.version.equals(current.version)
              && params.repairs.equals(current.indexedAt == null ? '' : current.indexedAt)
              ? 'delete' : 'none';
          """);

  private static final int USUAL_BYTES = 4096;

  /** How often the engine itself retries when two writers meet at a document. */
  private static final int RETRIES_ON_CONFLICT = 3;

  private static final JsonFactory NDJSON =
      new JsonFactoryBuilder().rootValueSeparator("\n").build();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
  private final JsonGenerator json;
  private final SerializableString script;
  private final Instant indexedAt;

  BulkRequest(SerializableString script, Instant indexedAt) {
    this.script = script;
    this.indexedAt = indexedAt;
    try {
      json = NDJSON.createGenerator(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One attempt at a write.
   *
   * @param overflow attributes that must not be fields
   * @param refines whether it may replace a document of the same version that has an overflow
   * @param unsettled whether another attempt of the same write follows, with less in the overflow
   * @param creates whether it succeeds only if there is no document, which costs the engine no
   *     script; if there is one, the versions must be compared
   */
  record Update(
      DocumentWrite write,
      Set<String> overflow,
      boolean refines,
      boolean unsettled,
      boolean creates) {

    Update {
      if (write.unknown() != null) {
        throw new IllegalArgumentException("There is no document to write.");
      }
    }

    Update(DocumentWrite write, Set<String> overflow, boolean refines, boolean unsettled) {
      this(write, overflow, refines, unsettled, false);
    }

    /** Returns the first attempt: of an item that a backfill read, there is rarely a document. */
    static Update first(DocumentWrite write) {
      boolean creates = write.version().equals(Version.BACKFILL) && write.repairs() == null;
      return new Update(write, write.reserved(), false, false, creates);
    }

    Update compared() {
      return new Update(write, overflow, refines, unsettled);
    }

    static Update of(DocumentWrite write) {
      return new Update(write, write.reserved(), false, false);
    }

    static List<Update> of(List<DocumentWrite> writes) {
      return writes.stream().map(Update::of).toList();
    }
  }

  void add(Update update) {
    add(update, null);
  }

  /**
   * Adds an update.
   *
   * @param index the alias that it goes to; null for that of the request's path
   */
  void add(Update update, @Nullable String index) {
    try {
      if (update.creates()) {
        writeCreate(update, index);
      } else {
        writeAction(update, index);
        writeUpdate(update);
      }
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private void writeCreate(Update update, @Nullable String index) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("create");
    writeIndex(index);
    json.writeStringField("_id", update.write().id());
    json.writeEndObject();
    json.writeEndObject();
    writeDocument(update);
  }

  private void writeIndex(@Nullable String index) throws IOException {
    if (index != null) {
      json.writeStringField("_index", index);
    }
  }

  /** Returns the numbers that the engine rounds in parameters of a script. */
  private Map<String, Object> writeDocument(Update update) throws IOException {
    return DocumentWriter.write(
        json, update.write().change(), indexedAt, update.overflow(), update.unsettled());
  }

  private void writeAction(Update update, @Nullable String index) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("update");
    writeIndex(index);
    json.writeStringField("_id", update.write().id());
    json.writeNumberField("retry_on_conflict", RETRIES_ON_CONFLICT);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeUpdate(Update update) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("scripted_upsert", true);
    json.writeObjectFieldStart("script");
    json.writeStringField("lang", "painless");
    json.writeFieldName("source");
    json.writeString(script);
    json.writeObjectFieldStart("params");
    json.writeBooleanField("refines", update.refines());
    if (update.write().repairs() != null) {
      json.writeStringField("repairs", update.write().repairs());
    }
    json.writeFieldName("document");
    writeExact(writeDocument(update));
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("upsert");
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeExact(Map<String, Object> numbers) throws IOException {
    json.writeObjectFieldStart("exact");
    writeMembers(numbers);
    json.writeEndObject();
  }

  @SuppressWarnings("unchecked") // as DocumentWriter returns it
  private void writeMembers(Map<String, Object> numbers) throws IOException {
    for (var number : numbers.entrySet()) {
      if (number.getValue() instanceof String digits) {
        json.writeStringField(number.getKey(), digits);
      } else {
        json.writeObjectFieldStart(number.getKey());
        writeMembers((Map<String, Object>) number.getValue());
        json.writeEndObject();
      }
    }
  }
}
