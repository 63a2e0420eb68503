package dev.utsushi.core.index;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes for tests. */
final class Changes {
  static final String LABEL = "2026-11-01T00:00:00.000";
  static final Instant CHANGED_AT = Instant.parse("2026-11-21T01:02:03Z");

  private Changes() {}

  static DocumentWrite upsert(String id, long sequenceNumber, Map<String, Value> attributes) {
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("id", new Value.Text(id));
    item.putAll(attributes);
    return DocumentWrite.of(new Change.Upsert(key(id), version(sequenceNumber), CHANGED_AT, item));
  }

  static DocumentWrite upsert(String id, long sequenceNumber, String attribute, String text) {
    return upsert(id, sequenceNumber, Map.of(attribute, new Value.Text(text)));
  }

  static DocumentWrite removal(String id, long sequenceNumber) {
    return DocumentWrite.of(new Change.Removal(key(id), version(sequenceNumber), CHANGED_AT));
  }

  static Version version(long sequenceNumber) {
    return Version.of(LABEL, Long.toString(sequenceNumber));
  }

  static ItemKey key(String id) {
    return new ItemKey(new Value.Text(id), null);
  }
}
