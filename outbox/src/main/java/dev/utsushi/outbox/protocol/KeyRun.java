package dev.utsushi.outbox.protocol;

/**
 * The work on one key, as a value: what to do next, and what follows from the reply. Between two
 * steps the process may die, or others may do anything.
 */
public sealed interface KeyRun permits RelayRun, PollerRun {

  /** Returns what to do next. */
  Step step();

  /** Returns the run after the reply to its step. */
  KeyRun after(Reply reply);

  /** Whether there is nothing left to do. */
  default boolean isDone() {
    return step() instanceof Step.Done;
  }

  /** Returns the failure of a driver that answers a step with another step's reply. */
  static IllegalStateException unexpected(Step step, Reply reply) {
    return new IllegalStateException(reply + " is no reply to " + step);
  }
}
