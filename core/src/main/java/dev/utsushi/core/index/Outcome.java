package dev.utsushi.core.index;

import java.util.List;

/** What became of one write. */
public sealed interface Outcome {

  /** The index holds this version or a newer one. */
  sealed interface Settled extends Outcome {}

  /** The index does not hold it: the record must be brought again. */
  sealed interface Unsettled extends Outcome {
    /** Why, by status and error type; holds no item content. */
    String reason();
  }

  /**
   * The document stands at this version.
   *
   * @param overflowed names of the attributes that the index could not hold as fields
   */
  record Applied(List<String> overflowed) implements Settled {}

  /** The document stood at this version or a newer one, and was left as it was. */
  record Superseded() implements Settled {}

  /** The engine could not take the write in the time there was; it may take it later. */
  record Deferred(String reason) implements Unsettled {}

  /** The engine will not take this write as long as the cause, named by the reason, stands. */
  record Rejected(String reason) implements Unsettled {}
}
