package dev.utsushi.local.mapping;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Records for tests: the sequence numbers 1, 2, 3 ... of items that differ. */
final class Records {

  static final Instant ARRIVAL = Instant.parse("2026-11-21T00:13:00Z");

  private Records() {}

  static StreamRecord record(int number) {
    return new StreamRecord(
        Integer.toString(number), ARRIVAL, number, "{\"number\":" + number + "}");
  }

  static List<StreamRecord> records(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Records::record).toList();
  }

  static Batch batch(int from, int to) {
    return new Batch(records(from, to));
  }

  static StreamRecord ofBytes(int number, int bytes) {
    return new StreamRecord(Integer.toString(number), ARRIVAL, number, "{}", bytes);
  }
}
