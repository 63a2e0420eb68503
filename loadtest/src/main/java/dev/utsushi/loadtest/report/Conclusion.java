package dev.utsushi.loadtest.report;

/**
 * Whether the index is a faithful copy in the end.
 *
 * @param line for people
 * @param deadLetters messages in the dead-letter queue
 */
public record Conclusion(Verdict verdict, String line, long deadLetters) {

  /** What the comparison said, if there was one. */
  public enum Verdict {
    EQUAL,
    DIFFERENT,
    /** Some changes never arrived. */
    INCOMPLETE,
    /** Somebody broke the run off. */
    INTERRUPTED
  }

  public boolean isFaithful() {
    return verdict == Verdict.EQUAL && deadLetters == 0;
  }
}
