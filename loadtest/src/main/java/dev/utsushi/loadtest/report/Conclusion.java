package dev.utsushi.loadtest.report;

/**
 * Whether the index is a faithful copy in the end.
 *
 * @param line a sentence for people
 * @param deadLetters messages in the dead-letter queue
 */
public record Conclusion(Verdict verdict, String line, long deadLetters) {

  /** The result of the comparison, if there was one. */
  public enum Verdict {
    EQUAL,
    DIFFERENT,
    /** Some changes never arrived. */
    INCOMPLETE,
    /** A user stopped the run. */
    INTERRUPTED
  }

  public boolean isFaithful() {
    return verdict == Verdict.EQUAL && deadLetters == 0;
  }
}
