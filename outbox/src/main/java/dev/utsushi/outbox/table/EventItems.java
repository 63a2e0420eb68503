package dev.utsushi.outbox.table;

import static java.util.Objects.requireNonNull;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import dev.utsushi.outbox.protocol.EventRow;
import dev.utsushi.outbox.protocol.EventState;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Converts events to items of the outbox table, and back. */
public final class EventItems {
  /** The table's partition key. */
  public static final String KEY = "key";

  /** The table's sort key. */
  public static final String SEQUENCE = "sequence";

  static final String STATE = "state";
  static final String REVISION = "revision";
  static final String ATTEMPTS = "attempts";
  static final String REFUSALS = "refusals";
  static final String PUBLISHED_AT = "publishedAt";
  private static final String ID = "id";
  private static final String TOPIC = "topic";
  private static final String PAYLOAD = "payload";
  private static final String CONTENT_TYPE = "contentType";
  private static final String HEADERS = "headers";
  static final String CREATED_AT = "createdAt";

  private static final Set<String> REQUIRED =
      Set.of(KEY, SEQUENCE, ID, TOPIC, PAYLOAD, CONTENT_TYPE, HEADERS, CREATED_AT);

  private EventItems() {}

  /** Returns the item of an event that is being written. */
  public static Map<String, AttributeValue> written(OutboxEvent event) {
    Map<String, AttributeValue> item = new HashMap<>(key(event.place()));
    item.put(ID, AttributeValue.fromS(event.id()));
    item.put(TOPIC, AttributeValue.fromS(event.topic()));
    item.put(PAYLOAD, AttributeValue.fromB(event.payload()));
    item.put(CONTENT_TYPE, AttributeValue.fromS(event.contentType()));
    Map<String, AttributeValue> headers = new HashMap<>();
    event.headers().forEach((name, value) -> headers.put(name, AttributeValue.fromS(value)));
    item.put(HEADERS, AttributeValue.fromM(headers));
    item.put(CREATED_AT, AttributeValue.fromS(event.createdAt().toString()));
    item.put(REVISION, AttributeValue.fromN("1"));
    item.put(OutboxSchema.SHARD, AttributeValue.fromS(OutboxSchema.shard(event.place().key())));
    item.put(
        OutboxSchema.STAMP,
        AttributeValue.fromS(stamp(event.createdAt(), 1, EventState.Written.NEW)));
    return item;
  }

  /**
   * Reads an event from an item, or from a record of the stream.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static OutboxEvent event(Map<String, AttributeValue> item) {
    if (!item.keySet().containsAll(REQUIRED)) {
      throw new IllegalArgumentException("The item is no event that the outbox library wrote.");
    }
    Map<String, String> headers = new HashMap<>();
    value(item, HEADERS).m().forEach((name, value) -> headers.put(name, value.s()));
    return new OutboxEvent(
        value(item, ID).s(),
        value(item, TOPIC).s(),
        place(item),
        value(item, PAYLOAD).b(),
        value(item, CONTENT_TYPE).s(),
        headers,
        Instant.parse(value(item, CREATED_AT).s()));
  }

  static StoredEvent stored(Map<String, AttributeValue> item) {
    OutboxEvent event = event(item);
    long revision = number(item, REVISION);
    return new StoredEvent(event, new EventRow(event.place().sequence(), revision, state(item)));
  }

  static EventKey place(Map<String, AttributeValue> item) {
    return new EventKey(value(item, KEY).s(), number(item, SEQUENCE));
  }

  static Map<String, AttributeValue> key(EventKey place) {
    return Map.of(
        KEY, AttributeValue.fromS(place.key()),
        SEQUENCE, AttributeValue.fromN(Long.toString(place.sequence())));
  }

  /**
   * Sorts by age, and differs after each write: observers see that somebody is at work, and from
   * the index alone how long to leave the event to them.
   */
  static String stamp(Instant createdAt, long revision, EventState state) {
    return "%013d/%06d/%s/%d"
        .formatted(createdAt.toEpochMilli(), revision, name(state), attempts(state));
  }

  static OpenEvent open(Map<String, AttributeValue> entry) {
    String[] stamp = value(entry, OutboxSchema.STAMP).s().split("/", -1);
    return new OpenEvent(
        place(entry),
        Long.parseLong(stamp[1]),
        state(stamp[2], Integer.parseInt(stamp[3]), 0),
        Instant.ofEpochMilli(Long.parseLong(stamp[0])));
  }

  /** A new row has no state, so that the library's users write one attribute less. */
  private static EventState state(Map<String, AttributeValue> item) {
    int attempts = item.containsKey(ATTEMPTS) ? (int) number(item, ATTEMPTS) : 0;
    int refusals = item.containsKey(REFUSALS) ? (int) number(item, REFUSALS) : 0;
    return state(item.containsKey(STATE) ? value(item, STATE).s() : "written", attempts, refusals);
  }

  private static EventState state(String name, int attempts, int refusals) {
    return switch (name) {
      case "written" -> new EventState.Written(attempts, refusals);
      case "leased" -> new EventState.Leased(attempts, refusals);
      case "marked" -> new EventState.Marked();
      case "parked" -> new EventState.Parked(refusals);
      case "waiting" -> new EventState.Waiting();
      case "discarded" -> new EventState.Discarded();
      default -> throw new IllegalArgumentException("No state of an event: " + name);
    };
  }

  static String name(EventState state) {
    return switch (state) {
      case EventState.Written _ -> "written";
      case EventState.Leased _ -> "leased";
      case EventState.Marked _ -> "marked";
      case EventState.Parked _ -> "parked";
      case EventState.Waiting _ -> "waiting";
      case EventState.Discarded _ -> "discarded";
    };
  }

  static int attempts(EventState state) {
    return switch (state) {
      case EventState.Written(int attempts, _) -> attempts;
      case EventState.Leased(int attempts, _) -> attempts;
      case EventState.Waiting _, EventState.Parked _, EventState.Marked _, EventState.Discarded _ ->
          0;
    };
  }

  private static long number(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(value(item, name).n());
  }

  static AttributeValue value(Map<String, AttributeValue> item, String name) {
    return requireNonNull(item.get(name), name);
  }
}
