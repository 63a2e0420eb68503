package dev.utsushi.outbox.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The envelope of a published event: a CloudEvent as JSON, the same for every broker. The payload
 * stands in it as it is if it is a JSON object or array, or text; else in base64.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON
 *     Event Format for CloudEvents</a>
 */
public final class CloudEvents {
  /** The media type of an envelope. */
  public static final String MEDIA_TYPE = "application/cloudevents+json";

  private static final String SOURCE = "urn:utsushi:outbox";

  /** What SQS takes is less than what JSON may have: strings are in ASCII. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private CloudEvents() {}

  /** Writes an envelope, in UTF-8. */
  public static byte[] write(OutboxEvent event) {
    var bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("specversion", "1.0");
      json.writeStringField("id", event.id());
      json.writeStringField("source", SOURCE);
      json.writeStringField("type", event.topic());
      json.writeStringField("subject", event.place().key());
      // As text: CloudEvents has no integers beyond 32 bits.
      json.writeStringField("sequence", Long.toString(event.place().sequence()));
      json.writeStringField("time", event.createdAt().toString());
      json.writeStringField("datacontenttype", event.contentType());
      for (var header : event.headers().entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      writePayload(json, event);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Memory can be written to.", e);
    }
    return bytes.toByteArray();
  }

  private static void writePayload(JsonGenerator json, OutboxEvent event) throws IOException {
    byte[] payload = event.payload().asByteArrayUnsafe();
    Optional<String> text = text(payload);
    if (text.isPresent() && isJson(event.contentType()) && isStructure(payload)) {
      json.writeFieldName("data");
      json.writeRawValue(text.get());
    } else if (text.isPresent() && event.contentType().startsWith("text/")) {
      json.writeStringField("data", text.get());
    } else {
      json.writeBinaryField("data_base64", payload);
    }
  }

  private static boolean isJson(String contentType) {
    String type = contentType.split(";", 2)[0].strip();
    return type.equals("application/json") || type.endsWith("+json");
  }

  /** Returns the text, if it is one that every broker takes. */
  private static Optional<String> text(byte[] payload) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      return text.chars().allMatch(CloudEvents::isTaken) ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isTaken(int character) {
    return (character >= ' ' && character < '\uFFFE')
        || character == '\n'
        || character == '\r'
        || character == '\t';
  }

  /**
   * Whether it is one JSON object or array. Nothing stands around it, so that it comes back
   * exactly.
   */
  private static boolean isStructure(byte[] payload) {
    if (payload.length < 2 || (payload[0] != '{' && payload[0] != '[')) {
      return false;
    }
    try (JsonParser json = JSON.createParser(payload)) {
      json.nextToken();
      json.skipChildren();
      return json.currentLocation().getByteOffset() == payload.length && json.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads an envelope that {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static OutboxEvent read(byte[] envelope) {
    Map<String, String> texts = new HashMap<>();
    SdkBytes payload = SdkBytes.fromByteArray(new byte[0]);
    try (JsonParser json = JSON.createParser(envelope)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("The message is no CloudEvent.");
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "data" -> payload = data(json, envelope);
          case "data_base64" -> payload = SdkBytes.fromByteArray(json.getBinaryValue());
          default -> texts.put(name, json.getText());
        }
      }
      return event(texts, payload);
    } catch (IOException | NullPointerException e) {
      throw new IllegalArgumentException("The message is no CloudEvent of an outbox.", e);
    }
  }

  private static SdkBytes data(JsonParser json, byte[] envelope) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return SdkBytes.fromUtf8String(json.getText());
    }
    int start = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    int end = (int) json.currentLocation().getByteOffset();
    return SdkBytes.fromByteArray(Arrays.copyOfRange(envelope, start, end));
  }

  private static OutboxEvent event(Map<String, String> texts, SdkBytes payload) {
    texts.remove("specversion");
    texts.remove("source");
    return new OutboxEvent(
        take(texts, "id"),
        take(texts, "type"),
        new EventKey(take(texts, "subject"), Long.parseLong(take(texts, "sequence"))),
        payload,
        take(texts, "datacontenttype"),
        // What was read first is no header any more.
        withoutTime(texts),
        Instant.parse(take(texts, "time")));
  }

  private static Map<String, String> withoutTime(Map<String, String> texts) {
    Map<String, String> headers = new HashMap<>(texts);
    headers.remove("time");
    return headers;
  }

  private static String take(Map<String, String> texts, String name) {
    return requireNonNull(texts.remove(name), name);
  }
}
