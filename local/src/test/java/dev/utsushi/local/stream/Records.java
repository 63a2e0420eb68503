package dev.utsushi.local.stream;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Records for tests, with the sequence numbers 1, 2, 3 and so on, each of another item. */
public final class Records {

  public static final Instant ARRIVAL = Instant.parse("2026-11-21T00:13:00Z");

  private Records() {}

  public static PolledRecord record(int number) {
    return record(number, "{\"number\":" + number + "}");
  }

  public static PolledRecord record(int number, String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    return new PolledRecord(Integer.toString(number), ARRIVAL, number, json, bytes);
  }

  public static List<PolledRecord> records(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Records::record).toList();
  }

  public static PolledRecord ofBytes(int number, int bytes) {
    return new PolledRecord(Integer.toString(number), ARRIVAL, number, "{}", bytes);
  }
}
