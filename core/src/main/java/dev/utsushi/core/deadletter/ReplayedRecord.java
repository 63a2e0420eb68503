package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.json.JsonText;
import dev.utsushi.core.json.RawJson;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record; in a dry run, what would.
 *
 * @param id of its document; null where the record could not be read, or is no longer there
 * @param version that its document would have; null likewise
 * @param eventName {@code INSERT}, {@code MODIFY} or {@code REMOVE}; null likewise
 * @param changedAt when the table was written, in whole seconds; null likewise
 * @param reason why it is not settled; null if it is. Holds no item content
 * @param standing in a dry run, what the index holds now; null if nothing, or not asked
 */
public record ReplayedRecord(
    @Nullable String id,
    @Nullable String sequenceNumber,
    @Nullable String version,
    @Nullable String eventName,
    @Nullable Instant changedAt,
    Outcome outcome,
    @Nullable String reason,
    @Nullable Standing standing) {

  /** What can become of a record. */
  public enum Outcome {
    /** Its document is written. */
    APPLIED,
    /** The index holds its change or a newer one already. */
    SUPERSEDED,
    /** The engine could not take it in time; it may later. */
    DEFERRED,
    /** The engine refuses it as long as the reason stands. */
    REJECTED,
    /** It can't be understood; the reason says what to change. */
    UNREADABLE,
    /** An expiry that leaves its document as it is, as set. */
    EXPIRY_KEPT,
    /** The stream no longer has it. */
    EXPIRED;

    /** Whether there is nothing left to do for the record. */
    public boolean isSettled() {
      return switch (this) {
        case APPLIED, SUPERSEDED, EXPIRY_KEPT -> true;
        case DEFERRED, REJECTED, UNREADABLE, EXPIRED -> false;
      };
    }
  }

  /**
   * The document that stands.
   *
   * @param version null for a document that Utsushi did not write
   * @param deleted whether it is a tombstone
   */
  public record Standing(
      @Nullable String version,
      boolean deleted,
      @Nullable Instant changedAt,
      @Nullable Instant indexedAt) {
    static @Nullable Standing read(RawJson json) {
      return json.isObject()
          ? new Standing(
              json.field("version").optionalText(),
              json.field("deleted").flag(false),
              time(json.field("changedAt")),
              time(json.field("indexedAt")))
          : null;
    }
  }

  /** What a message's records were before the stream forgot them: nothing is known of them. */
  public static ReplayedRecord expired(String reason) {
    return new ReplayedRecord(null, null, null, null, null, Outcome.EXPIRED, reason, null);
  }

  /** How much room it takes in a reply. */
  public int jsonBytes() {
    return JsonText.of(json -> ReplyJson.write(json, this)).getBytes(UTF_8).length;
  }

  static ReplayedRecord read(RawJson json) {
    return new ReplayedRecord(
        json.field("id").optionalText(),
        json.field("sequenceNumber").optionalText(),
        json.field("version").optionalText(),
        json.field("eventName").optionalText(),
        time(json.field("changedAt")),
        Outcome.valueOf(json.field("outcome").requireText("'outcome'")),
        json.field("reason").optionalText(),
        Standing.read(json.field("standing")));
  }

  static @Nullable Instant time(RawJson json) {
    String text = json.optionalText();
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a time is not one", e);
    }
  }
}
