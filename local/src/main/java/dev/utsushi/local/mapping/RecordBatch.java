package dev.utsushi.local.mapping;

import dev.utsushi.local.stream.PolledRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Records that go to the function together, oldest first, at least one. */
record RecordBatch(List<PolledRecord> records) {

  /**
   * The largest payload of a synchronous invocation: 6 MB.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  static final int MAXIMUM_BYTES = 6 * 1024 * 1024;

  private static final String OPENING = "{\"Records\":[";
  private static final String CLOSING = "]}";

  RecordBatch {
    records = List.copyOf(records);
    if (records.isEmpty()) {
      throw new IllegalArgumentException("A batch must have at least one record");
    }
  }

  /**
   * Counts the records that fit into one batch. A record bigger than a batch goes alone.
   *
   * @param records oldest first
   */
  static int fitting(Iterable<PolledRecord> records, int batchSize) {
    int count = 0;
    long bytes = (long) OPENING.length() + CLOSING.length();
    for (PolledRecord each : records) {
      bytes += each.bytes() + 1;
      if (count == batchSize || (count > 0 && bytes > MAXIMUM_BYTES)) {
        return count;
      }
      count++;
    }
    return count;
  }

  byte[] payload() {
    return records.stream()
        .map(PolledRecord::json)
        .collect(Collectors.joining(",", OPENING, CLOSING))
        .getBytes(StandardCharsets.UTF_8);
  }

  int size() {
    return records.size();
  }

  PolledRecord first() {
    return records.getFirst();
  }

  PolledRecord last() {
    return records.getLast();
  }

  RecordBatch firstRecords(int count) {
    return new RecordBatch(records.subList(0, count));
  }

  RecordBatch withoutFirstRecords(int count) {
    return new RecordBatch(records.subList(count, size()));
  }
}
