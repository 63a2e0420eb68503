package dev.utsushi.local.mapping;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Records that go to the function together, oldest first, at least one. */
record Batch(List<StreamRecord> records) {

  /**
   * What a synchronous invocation takes: 6 MB.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  static final int MAXIMUM_BYTES = 6 * 1024 * 1024;

  private static final String OPENING = "{\"Records\":[";
  private static final String CLOSING = "]}";

  Batch {
    records = List.copyOf(records);
    if (records.isEmpty()) {
      throw new IllegalArgumentException("A batch has at least one record");
    }
  }

  /**
   * How many of the records fit into one batch. A record bigger than a batch goes alone.
   *
   * @param records oldest first
   */
  static int fitting(Iterable<StreamRecord> records, int batchSize) {
    int count = 0;
    long bytes = (long) OPENING.length() + CLOSING.length();
    for (StreamRecord each : records) {
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
        .map(StreamRecord::json)
        .collect(Collectors.joining(",", OPENING, CLOSING))
        .getBytes(StandardCharsets.UTF_8);
  }

  int size() {
    return records.size();
  }

  StreamRecord first() {
    return records.getFirst();
  }

  StreamRecord last() {
    return records.getLast();
  }

  Batch firstRecords(int count) {
    return new Batch(records.subList(0, count));
  }

  Batch withoutFirstRecords(int count) {
    return new Batch(records.subList(count, size()));
  }
}
