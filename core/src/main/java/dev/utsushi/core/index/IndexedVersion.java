package dev.utsushi.core.index;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * @param unsettled whether a redelivery of its version would finish a search for the overflow
 */
public record IndexedVersion(
    @Nullable String version,
    boolean deleted,
    @Nullable Instant changedAt,
    @Nullable Instant indexedAt,
    @JsonIgnore boolean unsettled) {

  static IndexedVersion read(JsonNode replication) {
    return new IndexedVersion(
        replication.path("version").textValue(),
        replication.path("deleted").booleanValue(),
        time(replication.path("changedAt").textValue()),
        time(replication.path("indexedAt").textValue()),
        replication.path("unsettled").booleanValue());
  }

  /** Returns whether a write of the other version would change the document. */
  boolean takes(Version other, @Nullable Instant otherChangedAt) {
    int order = version == null ? -1 : version.compareTo(other.text());
    return order == 0 ? unsettled : order < 0 && !wouldGoBack(other, otherChangedAt);
  }

  /**
   * Returns whether this is a change of the table's own stream from a later second than the other
   * one from Kinesis, whose times alone are more precise than a second.
   */
  private boolean wouldGoBack(Version other, @Nullable Instant otherChangedAt) {
    return version != null
        && changedAt != null
        && otherChangedAt != null
        && otherChangedAt.getNano() != 0
        && changedAt.getEpochSecond() > otherChangedAt.getEpochSecond()
        && !version.startsWith(other.streamLabel() + '/');
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
