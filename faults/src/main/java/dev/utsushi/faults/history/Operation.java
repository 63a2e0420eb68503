package dev.utsushi.faults.history;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Something that was observed. Holds keys and versions; content only where it is compared. */
public sealed interface Operation {

  /** What it says about the item, one line for each time it occurs; empty for most. */
  default Stream<String> about(ItemName item) {
    return Stream.empty();
  }

  /** What it says about the whole run; empty for most. */
  default String headline() {
    return "";
  }

  /** The workload is about to write an item. */
  record TableWrite(ItemName item, String action) implements Operation {
    @Override
    public Stream<String> about(ItemName other) {
      return Stream.of("table    " + action).filter(_ -> item.equals(other));
    }
  }

  /** The table has this item since before its first stream. */
  record ItemBefore(StreamChange item) implements Operation {}

  /** A worker of a run has read a page of the table. */
  record PageRead(double units) implements Operation {}

  /** A worker of a run begins on a segment that another one is on, or has died on. */
  record ExtraWorker(String why) implements Operation {
    @Override
    public String headline() {
      return "another worker of the backfill: " + why;
    }
  }

  /**
   * A change that an independent reader found in a stream of the table.
   *
   * @param shard that holds it; empty where it does not matter
   * @param position its place in the stream; Kinesis may hold a change at several
   * @param version the document's version after this change, as the README defines it
   * @param image the item after the change; empty after a removal
   */
  record StreamChange(
      String shard,
      String position,
      String version,
      ItemName item,
      boolean removal,
      Map<String, AttributeValue> image)
      implements Operation {
    /** The version of a document that a backfill wrote, as the README defines it. */
    public static final String BACKFILL = "0000-01-01T00:00:00.000/" + "0".repeat(40);

    /** An attribute that makes an item too big for the engine. */
    public static final String POISON = "poison";

    /** A change in the table's own stream, where the version says the position. */
    public StreamChange(
        String version, ItemName item, boolean removal, Map<String, AttributeValue> image) {
      this("", version, version, item, removal, image);
    }

    /** The same in this shard. */
    public StreamChange in(String shardId) {
      return new StreamChange(shardId, position, version, item, removal, image);
    }

    /** Whether the engine always rejects it. */
    public boolean poison() {
      return image.containsKey(POISON);
    }

    /** The change in one line. */
    public String line() {
      String place = position.equals(version) ? "" : ", record " + position;
      return (removal ? "removal " : poison() ? "poison " : "item ") + version + place;
    }
  }

  /**
   * Records were delivered to the function, all in one event.
   *
   * @param number counted over the whole run
   * @param acknowledged how many of the records, from the first on, the function reports as done
   * @param answered whether the function replied at all
   * @param failure why the other records are not acknowledged
   */
  record Delivery(
      long number,
      Source source,
      List<DeliveredRecord> records,
      int acknowledged,
      boolean answered,
      String failure)
      implements Operation {
    @Override
    public Stream<String> about(ItemName item) {
      return IntStream.range(0, records.size())
          .filter(i -> records.get(i).item().equals(item))
          .mapToObj(this::line);
    }

    private String line(int index) {
      return "delivery %d by %s, record %d of %d, %s: %s"
          .formatted(
              number,
              source.name().toLowerCase(Locale.ROOT),
              index + 1,
              records.size(),
              records.get(index).version(),
              index < acknowledged ? "acknowledged" : "not acknowledged, " + failure);
    }
  }

  /** A bulk request is about to reach the engine; the proxy numbers them. */
  record EngineRequest(long number, List<EngineWrite> writes) implements Operation {}

  /**
   * The engine replied to a bulk request, or never will.
   *
   * @param received whether the function received the reply
   */
  record EngineReply(long number, List<WriteReply> replies, boolean received) implements Operation {
    @Override
    public Stream<String> about(ItemName item) {
      return replies.stream()
          .filter(reply -> reply.write().documentId().equals(item.documentId()))
          .map(reply -> "engine   " + reply.line())
          .map(line -> received ? line : line + ", not received");
    }
  }

  /**
   * A dead letter is in the failure queue.
   *
   * @param range what its message says: shard, first and last version
   * @param batchSize the number of records that its message states
   * @param records those that failed as this batch
   */
  record DeadLettered(String range, int batchSize, List<DeliveredRecord> records)
      implements Operation {
    @Override
    public Stream<String> about(ItemName item) {
      return records.stream()
          .filter(failed -> failed.item().equals(item))
          .map(_ -> "queue    dead letter of " + range);
    }
  }

  /**
   * A stream worker notes how far a shard is settled.
   *
   * @param upTo the sequence number as in a record's position; {@link #END} for the whole shard
   */
  record Checkpoint(String shard, String upTo) implements Operation {
    /** Above every sequence number. */
    public static final String END = "~";

    /** Whether it says that the record is settled. */
    public boolean covers(StreamChange record) {
      String number = record.position().substring(record.position().indexOf('/') + 1);
      return record.shard().equals(shard) && number.compareTo(upTo) <= 0;
    }
  }

  /** A replay reported on a record. */
  record Replayed(DeliveredRecord replayed, String outcome, boolean processed)
      implements Operation {
    @Override
    public Stream<String> about(ItemName item) {
      return Stream.of("replay   " + replayed.version() + ": " + outcome)
          .filter(_ -> replayed.item().equals(item));
    }
  }

  /** A fault took effect. */
  record Injected(String fault, String detail) implements Operation {
    @Override
    public String headline() {
      return "FAULT " + fault + (detail.isEmpty() ? "" : ", " + detail);
    }
  }

  /** Something that explains other operations, such as the end of a fault. */
  record Event(String text) implements Operation {
    @Override
    public String headline() {
      return text;
    }
  }

  /** Something that must never happen, and concerns no single item. */
  record Malfunction(String what) implements Operation {}

  /** Who delivers records to the function. */
  enum Source {
    MAPPING,
    DUPLICATE,
    REDELIVERY
  }

  /**
   * A record as the function receives it.
   *
   * @param position its place in the stream
   * @param json the record in the event, to be delivered again
   */
  record DeliveredRecord(
      ItemName item, String sequenceNumber, String position, String version, String json) {}

  /**
   * One write of a bulk request.
   *
   * @param index the readers' alias of the index that it goes to
   * @param refines whether it belongs to the search for what the mapping accepts, which may replace
   *     its own version
   * @param unsettled whether it leaves a document whose search has not ended: another write of the
   *     same version may replace it
   */
  record EngineWrite(
      String index,
      String documentId,
      String version,
      boolean refines,
      boolean unsettled,
      boolean deleted) {
    /** Which document of which index it writes. */
    public String place() {
      return index + '/' + documentId;
    }
  }

  /**
   * The engine's reply to one write.
   *
   * @param status HTTP; 0 for no reply
   */
  record WriteReply(EngineWrite write, int status, String result) {
    /** The result of a write that left no document. */
    public static final String DELETED = "deleted";

    private static final Set<String> CHANGES = Set.of("created", "updated", DELETED);

    /** Whether the engine says that the document is at this version or a newer one. */
    public boolean succeeded() {
      return status / 100 == 2;
    }

    /** Whether the engine says that it changed the document. */
    public boolean changed() {
      return succeeded() && CHANGES.contains(result);
    }

    private String line() {
      return "%s: %s%s %s: %s"
          .formatted(
              write.index(),
              write.refines() ? "refining " : "",
              write.deleted() ? "tombstone" : "document",
              write.version(),
              status == 0 ? "no reply" : status + " " + result);
    }
  }
}
