package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.document.ExactNumber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** The body of a bulk request of scripted upserts, written in one pass. */
final class BulkBody {
  private static final int USUAL_BYTES = 4096;

  /** How often the engine itself tries again when two writers meet at a document. */
  private static final int RETRIES_ON_CONFLICT = 3;

  private static final JsonFactory NDJSON =
      new JsonFactoryBuilder().rootValueSeparator("\n").build();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
  private final JsonGenerator json;
  private final SerializableString script;
  private final Instant indexedAt;

  BulkBody(SerializableString script, Instant indexedAt) {
    this.script = script;
    this.indexedAt = indexedAt;
    try {
      json = NDJSON.createGenerator(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Memory can be written to.", e);
    }
  }

  void add(Attempt attempt) {
    try {
      writeAction(attempt);
      writeUpdate(attempt);
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("The document can't be written as JSON.", e);
    }
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private void writeAction(Attempt attempt) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("update");
    json.writeStringField("_id", attempt.write().id());
    json.writeNumberField("retry_on_conflict", RETRIES_ON_CONFLICT);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeUpdate(Attempt attempt) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("scripted_upsert", true);
    json.writeObjectFieldStart("script");
    json.writeStringField("lang", "painless");
    json.writeFieldName("source");
    json.writeString(script);
    json.writeObjectFieldStart("params");
    json.writeBooleanField("refines", attempt.refines());
    json.writeFieldName("document");
    writeExact(DocumentWriter.write(json, attempt.write().change(), indexedAt, attempt.overflow()));
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("upsert");
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeExact(List<ExactNumber> numbers) throws IOException {
    json.writeArrayFieldStart("exact");
    for (ExactNumber number : numbers) {
      json.writeStartObject();
      json.writeArrayFieldStart("path");
      for (Object step : number.path()) {
        json.writeObject(step);
      }
      json.writeEndArray();
      json.writeStringField("digits", number.digits());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
