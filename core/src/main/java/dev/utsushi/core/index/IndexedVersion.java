package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.Version;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the index knows of a document's version.
 *
 * @param version null for a document that Utsushi did not write
 * @param deleted whether it is a tombstone
 */
public record IndexedVersion(
    @Nullable String version,
    boolean deleted,
    @Nullable Instant changedAt,
    @Nullable Instant indexedAt) {

  static IndexedVersion read(JsonNode replication) {
    return new IndexedVersion(
        replication.path("version").textValue(),
        replication.path("deleted").booleanValue(),
        time(replication.path("changedAt").textValue()),
        time(replication.path("indexedAt").textValue()));
  }

  boolean isOlderThan(Version other) {
    return version == null || version.compareTo(other.text()) < 0;
  }

  /** Returns whether this is an earlier change, but of a newer stream than the other's. */
  boolean isOfNewerStream(Version other, @Nullable Instant otherChangedAt) {
    return version != null
        && changedAt != null
        && otherChangedAt != null
        && otherChangedAt.isAfter(changedAt)
        && version.compareTo(other.text()) > 0
        && !version.startsWith(other.streamLabel() + '/');
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      // Utsushi did not write this document.
      return null;
    }
  }
}
