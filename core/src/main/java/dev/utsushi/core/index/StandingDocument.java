package dev.utsushi.core.index;

import dev.utsushi.core.json.RawJson;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the index knows of a document that stands.
 *
 * @param version null for a document that Utsushi did not write
 * @param deleted whether it is a tombstone
 */
public record StandingDocument(
    @Nullable String version,
    boolean deleted,
    @Nullable Instant changedAt,
    @Nullable Instant indexedAt) {

  static StandingDocument read(RawJson replication) {
    return new StandingDocument(
        replication.field("version").optionalText(),
        replication.field("deleted").flag(false),
        time(replication.field("changedAt")),
        time(replication.field("indexedAt")));
  }

  /** Whether a change of this version would be applied to it. */
  boolean givesWayTo(String newer) {
    return version == null || version.compareTo(newer) < 0;
  }

  private static @Nullable Instant time(RawJson text) {
    try {
      String time = text.optionalText();
      return time == null ? null : Instant.parse(time);
    } catch (DateTimeException e) {
      // Somebody else's document. It stands all the same.
      return null;
    }
  }
}
