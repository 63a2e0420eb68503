package dev.utsushi.outbox.event;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/**
 * An event, as the transaction wrote it.
 *
 * @param id a UUID of version 7; the same however often the event is published
 * @param topic the kind of event, like {@code coins.bought}
 * @param place key and sequence
 * @param contentType the media type of the payload
 * @param headers further attributes, with the W3C trace context if there is one
 * @param createdAt the writer's clock, in milliseconds
 */
public record OutboxEvent(
    String id,
    String topic,
    EventKey place,
    SdkBytes payload,
    String contentType,
    Map<String, String> headers,
    Instant createdAt) {

  public OutboxEvent {
    headers = Map.copyOf(headers);
  }

  /** Names the event without its content. */
  @Override
  public String toString() {
    return "event " + id + " at " + place;
  }
}
