package dev.utsushi.stream;

import dev.utsushi.core.deadletter.StreamRange;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** The records of a range, as far as they have come. */
final class RangeRecords {
  /**
   * Lambda gives a function 6 MB at once, of each of up to 10 batches of a shard at the same time:
   * few ranges hold so much.
   */
  private static final long MOST_CHARS = 64 << 20;

  private static final Comparator<String> BY_NUMBER = StreamRange::compare;

  private final StreamRange range;
  private final TreeMap<String, String> records = new TreeMap<>(BY_NUMBER);
  private @Nullable String lastSequenceNumber;
  private boolean pastEnd;
  private long chars;

  RangeRecords(StreamRange range) {
    this.range = range;
  }

  /**
   * Adds those of the page that are in the range.
   *
   * @return false if they are too many to be held
   */
  boolean add(List<Record> page) {
    for (Record streamRecord : page) {
      String sequenceNumber = streamRecord.dynamodb().sequenceNumber();
      lastSequenceNumber = sequenceNumber;
      pastEnd |= range.endsAtOrBefore(sequenceNumber);
      if (range.contains(sequenceNumber)) {
        String json = RecordJson.of(streamRecord, range.streamArn());
        records.put(sequenceNumber, json);
        chars += json.length();
      }
    }
    return chars <= MOST_CHARS;
  }

  /** Whether nothing that could still come is in the range. */
  boolean isPastEnd() {
    return pastEnd;
  }

  /** The last that was looked at, or null. */
  @Nullable String lastSequenceNumber() {
    return lastSequenceNumber;
  }

  /** Nothing more will come: was that all? */
  RangeRead result() {
    List<String> all = List.copyOf(records.values());
    if (all.isEmpty()) {
      return new RangeRead.Expired();
    }
    boolean whole =
        StreamRange.compare(records.firstKey(), range.startSequenceNumber()) == 0
            && StreamRange.compare(records.lastKey(), range.endSequenceNumber()) == 0
            && all.size() >= range.batchSize();
    return whole ? new RangeRead.Whole(all) : new RangeRead.PartlyExpired(all);
  }
}
