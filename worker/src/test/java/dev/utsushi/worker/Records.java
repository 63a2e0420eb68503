package dev.utsushi.worker;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.StreamRecord;
import java.time.Instant;
import java.util.Map;

/** Records for tests. */
final class Records {
  static final Instant ARRIVED_AT = Instant.parse("2026-11-28T01:02:03.400Z");

  private Records() {}

  static OpenRecord open(String number, String item, long bytes) {
    Map<String, Value> keys = Map.of("id", new Value.Text(item));
    return new OpenRecord(StreamRecord.insertion(keys, keys), number, ARRIVED_AT, bytes);
  }
}
