package dev.utsushi.lambda;

import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.Outcome;

/** What became of one record. */
sealed interface Settlement {

  /** Its change went to the index. */
  record Written(DocumentWrite write, Outcome outcome) implements Settlement {}

  /**
   * A newer change to the same item is in the batch, and went to the index in its place.
   *
   * @param outcome of the newer one
   */
  record Overtaken(DocumentWrite write, Outcome outcome) implements Settlement {}

  /** An expiry that was to leave its document. */
  record ExpiryKept() implements Settlement {}

  /** It could not be understood. */
  record Unreadable(String problem) implements Settlement {}

  /** Whether the index is what it would be had this record and all before it been written. */
  default boolean isSettled() {
    return switch (this) {
      case Written(_, Outcome outcome) -> outcome instanceof Outcome.Settled;
      case Overtaken(_, Outcome outcome) -> outcome instanceof Outcome.Settled;
      case ExpiryKept _ -> true;
      case Unreadable _ -> false;
    };
  }
}
