package dev.utsushi.outbox.table;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.protocol.EventState;
import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The reads and the conditional writes of the protocol. Methods throw the exceptions of the client.
 * Safe for use by many threads.
 */
public final class EventTable {
  private static final Map<String, String> NAMES =
      Map.of("#key", EventItems.KEY, "#sequence", EventItems.SEQUENCE);

  private final DynamoDbClient client;
  private final String table;
  private final Duration history;
  private final InstantSource clock;

  /**
   * Opens the table.
   *
   * @param history how long a published event is kept
   */
  public EventTable(DynamoDbClient client, String table, Duration history, InstantSource clock) {
    this.client = client;
    this.table = table;
    this.history = history;
    this.clock = clock;
  }

  /** Returns an event, if there is one at this place. */
  public Optional<StoredEvent> get(EventKey place) {
    var item =
        client
            .getItem(get -> get.tableName(table).key(EventItems.key(place)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(EventItems.stored(item));
  }

  /** Returns the key's last events up to this one, newest first. */
  public List<StoredEvent> upTo(EventKey place, int most) {
    return ofKey(place, "#key = :key AND #sequence <= :sequence", false, most);
  }

  /** Returns the key's first event after this one. */
  public Optional<StoredEvent> after(EventKey place) {
    return ofKey(place, "#key = :key AND #sequence > :sequence", true, 1).stream().findFirst();
  }

  private List<StoredEvent> ofKey(EventKey place, String condition, boolean forward, int most) {
    List<StoredEvent> events = new ArrayList<>();
    Map<String, AttributeValue> last = Map.of();
    do {
      Map<String, AttributeValue> start = last;
      QueryResponse page =
          client.query(
              query ->
                  query
                      .tableName(table)
                      .keyConditionExpression(condition)
                      .expressionAttributeNames(NAMES)
                      .expressionAttributeValues(
                          Map.of(
                              ":key", AttributeValue.fromS(place.key()),
                              ":sequence", AttributeValue.fromN(Long.toString(place.sequence()))))
                      .scanIndexForward(forward)
                      .consistentRead(true)
                      .limit(most - events.size())
                      .exclusiveStartKey(start.isEmpty() ? null : start));
      page.items().forEach(item -> events.add(EventItems.stored(item)));
      last = page.lastEvaluatedKey();
    } while (!last.isEmpty() && events.size() < most);
    return events;
  }

  /** Reads the shards of the index in which events are that a poller has to look after. */
  public List<OpenEvent> look() {
    return IntStream.range(0, OutboxSchema.SHARDS)
        .mapToObj(Integer::toString)
        .flatMap(this::shard)
        .toList();
  }

  /**
   * Reads some of the events that wait behind a parked one, beginning where the last call ended.
   *
   * @param after the last one of the call before; null to begin
   */
  public List<OpenEvent> waiting(@Nullable OpenEvent after, int most) {
    var query = indexQuery(OutboxSchema.WAITING).limit(most);
    if (after != null) {
      Map<String, AttributeValue> start = new HashMap<>(EventItems.key(after.place()));
      start.put(OutboxSchema.SHARD, AttributeValue.fromS(OutboxSchema.WAITING));
      start.put(
          OutboxSchema.STAMP,
          AttributeValue.fromS(
              EventItems.stamp(after.createdAt(), after.revision(), after.state())));
      query.exclusiveStartKey(start);
    }
    return client.query(query.build()).items().stream().map(EventItems::open).toList();
  }

  /** Reads all events that wait for an operator. */
  public List<OpenEvent> parked() {
    return shard(OutboxSchema.PARKED).toList();
  }

  /** Counts the events that wait behind a parked one. */
  public List<OpenEvent> allWaiting() {
    return shard(OutboxSchema.WAITING).toList();
  }

  private Stream<OpenEvent> shard(String shard) {
    return client.queryPaginator(indexQuery(shard).build()).items().stream().map(EventItems::open);
  }

  private QueryRequest.Builder indexQuery(String shard) {
    return QueryRequest.builder()
        .tableName(table)
        .indexName(OutboxSchema.INDEX)
        .keyConditionExpression("#shard = :shard")
        .expressionAttributeNames(Map.of("#shard", OutboxSchema.SHARD))
        .expressionAttributeValues(Map.of(":shard", AttributeValue.fromS(shard)));
  }

  /**
   * Writes a state, unless the row has changed since it was read or has left the index.
   *
   * @return the event with its new row; empty if the write was not made
   */
  public Optional<StoredEvent> write(StoredEvent stored, EventState next) {
    var row = stored.row().to(next);
    String stamp = EventItems.stamp(stored.event().createdAt(), row.revision(), next);
    var values = new HashMap<String, AttributeValue>();
    values.put(":stamp", AttributeValue.fromS(stamp));
    values.put(":next", AttributeValue.fromN(Long.toString(row.revision())));
    values.put(":revision", AttributeValue.fromN(Long.toString(stored.row().revision())));
    values.put(":state", AttributeValue.fromS(EventItems.name(next)));
    values.put(":shard", AttributeValue.fromS(shard(stored.event().place().key(), next)));
    values.put(":attempts", AttributeValue.fromN(Integer.toString(EventItems.attempts(next))));
    values.put(":refusals", AttributeValue.fromN(Integer.toString(refusals(next))));
    boolean done =
        update(
            stored.event().place(),
            "SET #state = :state, revision = :next, stamp = :stamp, #shard = :shard,"
                + " attempts = :attempts, refusals = :refusals",
            "revision = :revision AND attribute_exists(stamp)",
            values);
    return done ? Optional.of(new StoredEvent(stored.event(), row)) : Optional.empty();
  }

  /**
   * Notes that the broker has the event: it leaves the index, and expires.
   *
   * @return whether nobody had noted that before
   */
  public boolean mark(EventKey place) {
    return settle(place, new Marked(), "attribute_exists(stamp)", Map.of());
  }

  /**
   * Gives a parked event up.
   *
   * @return whether it was still as it was read
   */
  public boolean discard(StoredEvent parked) {
    return settle(
        parked.event().place(),
        new Discarded(),
        "revision = :revision AND attribute_exists(stamp)",
        Map.of(":revision", AttributeValue.fromN(Long.toString(parked.row().revision()))));
  }

  private boolean settle(
      EventKey place, EventState state, String condition, Map<String, AttributeValue> more) {
    Instant now = clock.instant();
    var values = new HashMap<>(more);
    values.put(":state", AttributeValue.fromS(EventItems.name(state)));
    values.put(":now", AttributeValue.fromS(now.toString()));
    values.put(":expires", AttributeValue.fromN(Long.toString(now.plus(history).getEpochSecond())));
    return update(
        place,
        "SET #state = :state, publishedAt = :now, expires = :expires REMOVE #shard, stamp",
        condition,
        values);
  }

  private boolean update(
      EventKey place, String expression, String condition, Map<String, AttributeValue> values) {
    try {
      client.updateItem(
          update ->
              update
                  .tableName(table)
                  .key(EventItems.key(place))
                  .updateExpression(expression)
                  .conditionExpression(condition)
                  .expressionAttributeNames(
                      Map.of("#state", EventItems.STATE, "#shard", OutboxSchema.SHARD))
                  .expressionAttributeValues(values));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static String shard(String key, EventState state) {
    return switch (state) {
      case Written _, Leased _ -> OutboxSchema.shard(key);
      case Waiting _ -> OutboxSchema.WAITING;
      case Parked _ -> OutboxSchema.PARKED;
      case Marked _, Discarded _ ->
          throw new IllegalArgumentException("settled events have no shard");
    };
  }

  private static int refusals(EventState state) {
    return switch (state) {
      case Written(_, int refusals) -> refusals;
      case Leased(_, int refusals) -> refusals;
      case Parked(int refusals) -> refusals;
      case Waiting _, Marked _, Discarded _ -> 0;
    };
  }
}
