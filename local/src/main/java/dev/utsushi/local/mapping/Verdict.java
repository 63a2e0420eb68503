package dev.utsushi.local.mapping;

/** What an invocation's result means for the batch that it was given. */
sealed interface Verdict {

  /** Every record is processed. */
  record Processed() implements Verdict {}

  /**
   * The records before the first failed one are processed, that one and all after it are not.
   *
   * @param firstFailed its index in the batch
   * @param reported whether the function said so by {@code batchItemFailures}, rather than failing
   */
  record FailedFrom(int firstFailed, boolean reported) implements Verdict {}

  /** The function was not invoked: this costs no retry. */
  record NotInvoked() implements Verdict {}
}
