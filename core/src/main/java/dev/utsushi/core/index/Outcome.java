package dev.utsushi.core.index;

import java.util.List;

/** What became of a record. */
public sealed interface Outcome {

  /** The record is processed: Lambda need not deliver it again. */
  sealed interface Processed extends Outcome {}

  /** The index does not hold the change: the record must be delivered again. */
  sealed interface Failed extends Outcome {
    /** Returns the cause, by status and error type; it holds no item content. */
    String reason();
  }

  /**
   * The document was written.
   *
   * @param overflowed names of the attributes that the index could not hold as fields
   */
  record Applied(List<String> overflowed) implements Processed {}

  /** The index held this version or a newer one already. */
  record Superseded() implements Processed {}

  /** The record is an expiry, and the settings keep the documents of expired items. */
  record ExpiryKept() implements Processed {}

  /** No index shows the item, and none did before the change. */
  record LeftOut() implements Processed {}

  /** The engine could not take the write in the available time; it may take it later. */
  record Deferred(String reason) implements Failed {}

  /** The engine rejects this write until somebody fixes the reason. */
  record Rejected(String reason, Rejects what) implements Failed {

    /** Returns the outcome of a write that the engine rejects for what it is. */
    public Rejected(String reason) {
      this(reason, Rejects.THIS_WRITE);
    }
  }

  /** What the engine rejects. */
  enum Rejects {
    /** This write: others may succeed. */
    THIS_WRITE,
    /** Every write: the sender, or the index as it is. */
    EVERY_WRITE,
    /** A later change of an older stream than the document's. */
    OLDER_STREAM
  }

  /** The record cannot be understood; the reason says what to change. */
  record Unreadable(String reason) implements Failed {}

  /** The stream no longer holds the record. */
  record Expired(String reason) implements Failed {}

  /** The outcomes by name, in the order in which reports list them. */
  enum Kind {
    APPLIED,
    SUPERSEDED,
    DEFERRED,
    REJECTED,
    UNREADABLE,
    EXPIRY_KEPT,
    /** The mapping filters it out, so that no writer ever sees it; or no index shows the item. */
    FILTERED,
    EXPIRED;

    /** Returns whether there is nothing left to do for a record with this outcome. */
    public boolean isProcessed() {
      return switch (this) {
        case APPLIED, SUPERSEDED, EXPIRY_KEPT, FILTERED -> true;
        case DEFERRED, REJECTED, UNREADABLE, EXPIRED -> false;
      };
    }
  }

  /** Returns this outcome's name. */
  default Kind kind() {
    return switch (this) {
      case Applied _ -> Kind.APPLIED;
      case Superseded _ -> Kind.SUPERSEDED;
      case Deferred _ -> Kind.DEFERRED;
      case Rejected _ -> Kind.REJECTED;
      case Unreadable _ -> Kind.UNREADABLE;
      case ExpiryKept _ -> Kind.EXPIRY_KEPT;
      case LeftOut _ -> Kind.FILTERED;
      case Expired _ -> Kind.EXPIRED;
    };
  }

  /** Returns whether there is nothing left to do for the record. */
  default boolean isProcessed() {
    return this instanceof Processed;
  }
}
