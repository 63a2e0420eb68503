package dev.utsushi.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import dev.utsushi.outbox.event.OutboxException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** An event that is being put together; {@link Outbox#add} gives it its id and its time. */
public final class EventDraft {
  /** DynamoDB's limit of a partition key. */
  private static final int LONGEST_KEY = 2048;

  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._/:-]{1,128}");
  private static final Pattern HEADER = Pattern.compile("[a-z0-9]{1,20}");
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** The names that the envelope uses itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "specversion",
          "id",
          "source",
          "type",
          "subject",
          "time",
          "datacontenttype",
          "dataschema",
          "data",
          "sequence",
          "sequencetype");

  private final String topic;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable String key;
  private long sequence;
  private @Nullable SdkBytes payload;
  private String contentType = "";

  EventDraft(String topic) {
    this.topic = topic;
  }

  /** Sets the key: events of one key are published in the order of their sequence. */
  public EventDraft key(String key) {
    this.key = key;
    return this;
  }

  /**
   * Sets the place among the key's events. Take the version that the transaction gives to the
   * business item under its optimistic lock: then no two transactions can take the same.
   *
   * @param sequence from 1, one more than that of the key's event before
   */
  public EventDraft sequence(long sequence) {
    this.sequence = sequence;
    return this;
  }

  /** Sets the payload to JSON. */
  public EventDraft json(String json) {
    return payload(json.getBytes(UTF_8), "application/json");
  }

  /** Sets the payload. */
  public EventDraft payload(byte[] bytes, String contentType) {
    this.payload = SdkBytes.fromByteArray(bytes);
    this.contentType = contentType;
    return this;
  }

  /** Adds a header: a name of up to 20 lower-case letters and digits, and a value. */
  public EventDraft header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /**
   * Adds the trace context of the request that caused the event.
   *
   * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
   */
  public EventDraft traceparent(String traceparent) {
    return header("traceparent", traceparent);
  }

  OutboxEvent event(String id, Instant createdAt) {
    require(TOPIC.matcher(topic).matches(), "a topic takes 1 to 128 letters, digits and . _ - / :");
    if (key == null || key.isEmpty() || key.getBytes(UTF_8).length > LONGEST_KEY) {
      throw wrong("a key takes 1 to 2,048 bytes");
    }
    require(
        sequence >= 1,
        "the sequence is missing: set it to the version that the transaction gives to the item");
    if (payload == null || contentType.isBlank()) {
      throw wrong("the payload or its content type is missing");
    }
    headers.forEach(this::checkHeader);
    return new OutboxEvent(
        id, topic, new EventKey(key, sequence), payload, contentType, headers, createdAt);
  }

  private void checkHeader(String name, String value) {
    require(
        HEADER.matcher(name).matches() && !RESERVED.contains(name),
        "a header's name takes 1 to 20 lower-case letters and digits, and none of "
            + "the envelope's own names");
    require(!value.isEmpty(), "the header " + name + " is empty");
    require(
        !name.equals("traceparent") || TRACEPARENT.matcher(value).matches(),
        "traceparent looks like 00-<32 hex digits>-<16 hex digits>-01");
  }

  private void require(boolean condition, String problem) {
    if (!condition) {
      throw wrong(problem);
    }
  }

  private OutboxException wrong(String problem) {
    return new OutboxException(
        "Event of topic %s, nothing was written: %s".formatted(topic, problem));
  }
}
