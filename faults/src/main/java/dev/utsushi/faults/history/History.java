package dev.utsushi.faults.history;

import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.Operation.WriteReply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Everything that was observed, in the order of observation. It also knows how far each change has
 * come, because a run waits for that.
 */
public final class History {

  /** An operation, and when it was observed. */
  public record Entry(Instant at, Operation operation) {}

  /** What is counted. */
  public enum Count {
    TABLE_WRITES,
    /** Deliveries that ended, however. */
    DELIVERIES,
    /** Deliveries that did not acknowledge all of their records. */
    FAILED_DELIVERIES,
    /** Records in all deliveries. */
    RECORDS,
    /** Records in the deliveries that the function answered. */
    ANSWERED_RECORDS,
    /** Deliveries of a record after its first. */
    REPEATED_RECORDS,
    /** Writes that changed a document. */
    ENGINE_WRITES,
    /** Those of them that a backfill made. */
    BACKFILL_WRITES,
    /** Writes that succeeded and changed nothing. */
    ENGINE_NOOPS,
    /** Writes that the engine did not accept. */
    ENGINE_REFUSALS,
    /** Pages of the table that workers of a run have read. */
    PAGES_READ,
    /** Of shards, by stream workers. */
    CHECKPOINTS,
    FAULTS
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final Map<String, Long> faults = new HashMap<>();
  private final Set<ItemName> items = new HashSet<>();
  private final List<StreamChange> before = new ArrayList<>();

  /** The records of all streams by their positions. */
  private final Map<String, StreamChange> records = new LinkedHashMap<>();

  /** By position, too. */
  private final Map<String, DeliveredRecord> delivered = new HashMap<>();

  /** Positions that are acknowledged to the mapping. */
  private final Set<String> settled = new HashSet<>();

  /** The positions of dead letters. */
  private final Set<String> givenUp = new HashSet<>();

  /** The furthest of each shard. */
  private final Map<String, Operation.Checkpoint> checkpoints = new HashMap<>();

  private final Set<String> acknowledgedByAnyone = new HashSet<>();
  private final Set<String> deadLetters = new HashSet<>();

  /** The batch that failed last between two positions: changes of other lanes lie between them. */
  private final Map<String, List<DeliveredRecord>> failedBetween = new HashMap<>();

  private final InstantSource clock;
  private final Consumer<String> headlines;

  /**
   * Creates an empty history.
   *
   * @param headlines receives what concerns the whole run as it is appended; must be quick
   */
  public History(InstantSource clock, Consumer<String> headlines) {
    this.clock = clock;
    this.headlines = headlines;
  }

  /** Appends what is observed now. */
  public synchronized void append(Operation operation) {
    entries.add(new Entry(clock.instant(), operation));
    if (!operation.headline().isEmpty()) {
      headlines.accept(operation.headline());
    }
    switch (operation) {
      case Operation.TableWrite(var item, _) -> {
        items.add(item);
        add(Count.TABLE_WRITES, 1);
      }
      case Operation.ItemBefore(var item) -> {
        items.add(item.item());
        before.add(item);
      }
      case Operation.PageRead _ -> add(Count.PAGES_READ, 1);
      case StreamChange change -> records.put(change.position(), change);
      case Operation.Delivery delivery -> add(delivery);
      case Operation.EngineReply(_, var replies, _) -> replies.forEach(this::add);
      case Operation.Checkpoint checkpoint -> {
        add(Count.CHECKPOINTS, 1);
        checkpoints.merge(
            checkpoint.shard(),
            checkpoint,
            (old, now) -> old.upTo().compareTo(now.upTo()) > 0 ? old : now);
      }
      case Operation.DeadLettered letter -> {
        deadLetters.add(letter.range());
        letter.records().forEach(each -> givenUp.add(each.position()));
      }
      case Operation.Replayed(var replayed, _, boolean processed) -> {
        if (processed) {
          acknowledgedByAnyone.add(replayed.version());
        }
      }
      case Operation.Injected(String fault, _) -> {
        faults.merge(fault, 1L, Long::sum);
        add(Count.FAULTS, 1);
      }
      case Operation.EngineRequest _,
          Operation.Event _,
          Operation.Malfunction _,
          Operation.ExtraWorker _ -> {}
    }
  }

  private void add(Operation.Delivery delivery) {
    List<DeliveredRecord> all = delivery.records();
    add(Count.DELIVERIES, 1);
    add(Count.RECORDS, all.size());
    add(Count.ANSWERED_RECORDS, delivery.answered() ? all.size() : 0);
    for (DeliveredRecord each : all) {
      add(Count.REPEATED_RECORDS, delivered.put(each.position(), each) == null ? 0 : 1);
    }
    for (DeliveredRecord each : all.subList(0, delivery.acknowledged())) {
      acknowledgedByAnyone.add(each.version());
      if (delivery.source() == Operation.Source.MAPPING) {
        settled.add(each.position());
      }
    }
    List<DeliveredRecord> failed = all.subList(delivery.acknowledged(), all.size());
    if (!failed.isEmpty()) {
      add(Count.FAILED_DELIVERIES, 1);
      failedBetween.put(range(failed.getFirst().position(), failed.getLast().position()), failed);
    }
  }

  private void add(WriteReply reply) {
    if (reply.changed()) {
      add(Count.ENGINE_WRITES, 1);
      boolean backfilled = reply.write().version().equals(StreamChange.BACKFILL);
      add(Count.BACKFILL_WRITES, backfilled ? 1 : 0);
    } else if (reply.succeeded()) {
      add(Count.ENGINE_NOOPS, 1);
    } else if (reply.status() > 0) {
      add(Count.ENGINE_REFUSALS, 1);
    }
  }

  private void add(Count count, long more) {
    counts.merge(count, more, Long::sum);
  }

  private static String range(String first, String last) {
    return first + " to " + last;
  }

  /** The records that failed together last, from this one to that; empty if none did. */
  synchronized List<DeliveredRecord> lastFailed(String first, String last) {
    return failedBetween.getOrDefault(range(first, last), List.of());
  }

  /** The record at this position, as if it was delivered; empty if no stream has it. */
  synchronized List<DeliveredRecord> recordAt(String position) {
    StreamChange record = records.get(position);
    return record == null
        ? List.of()
        : List.of(new DeliveredRecord(record.item(), "", position, record.version(), ""));
  }

  /** Everything so far. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  public synchronized long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** How often a fault took effect. */
  public synchronized long injected(String fault) {
    return faults.getOrDefault(fault, 0L);
  }

  /** Dead letters in the failure queue; one that was sent twice counts once. */
  public synchronized int deadLetters() {
    return deadLetters.size();
  }

  /** Every item that was ever written. */
  public synchronized Set<ItemName> items() {
    return Set.copyOf(items);
  }

  /** The items that the table had before its first stream. */
  public synchronized List<StreamChange> before() {
    return List.copyOf(before);
  }

  /** The changes of all streams, each once, those of an item in their order. */
  public synchronized List<StreamChange> changes() {
    Map<String, StreamChange> changes = new TreeMap<>();
    records.values().forEach(each -> changes.put(each.version(), each));
    return List.copyOf(changes.values());
  }

  /** The records of all streams, those of a shard in their order. */
  public synchronized List<StreamChange> records() {
    return List.copyOf(records.values());
  }

  /** How many records came after a newer one of their item. */
  public synchronized long overtaken() {
    Map<ItemName, String> newest = new HashMap<>();
    long overtaken = 0;
    for (StreamChange each : records.values()) {
      String before = newest.getOrDefault(each.item(), "");
      newest.put(each.item(), before.compareTo(each.version()) > 0 ? before : each.version());
      overtaken += before.compareTo(each.version()) > 0 ? 1 : 0;
    }
    return overtaken;
  }

  /** Every record that was delivered, once. */
  public synchronized List<DeliveredRecord> delivered() {
    return List.copyOf(delivered.values());
  }

  /** A record with this version, if one was delivered. */
  public synchronized Optional<DeliveredRecord> delivered(String version) {
    return delivered.values().stream().filter(each -> each.version().equals(version)).findAny();
  }

  /** The record at this position, if it was delivered. */
  synchronized Optional<DeliveredRecord> deliveredFrom(String position) {
    return Optional.ofNullable(delivered.get(position));
  }

  /** Whether this record is neither acknowledged, nor behind a checkpoint, nor a dead letter. */
  public synchronized boolean isPending(StreamChange change) {
    return !settled.contains(change.position())
        && !givenUp.contains(change.position())
        && !isCovered(change);
  }

  private boolean isCovered(StreamChange change) {
    Operation.Checkpoint checkpoint = checkpoints.get(change.shard());
    return checkpoint != null && checkpoint.covers(change);
  }

  /** How many records are pending. */
  public synchronized long pending() {
    return records.values().stream().filter(this::isPending).count();
  }

  /** Whether any delivery of this change was acknowledged, also a duplicate or a replay. */
  public synchronized boolean isAcknowledgedByAnyone(StreamChange change) {
    return acknowledgedByAnyone.contains(change.version())
        || (isCovered(change) && !givenUp.contains(change.position()));
  }
}
