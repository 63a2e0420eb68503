package dev.utsushi.core.index;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The moment by which the work of an invocation must be over. */
public record Deadline(Instant at, InstantSource clock, Sleeper sleeper) {
  /** An engine that has not answered by then is treated as one that is away. */
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

  /** Lets time pass: the thread's own sleep, or that of a test. */
  @FunctionalInterface
  public interface Sleeper {
    /** The thread's own sleep. */
    Sleeper THREAD = Thread::sleep;

    /** Returns when the time has passed. */
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Returns the deadline that comes when the given time has passed. */
  public static Deadline in(Duration time, InstantSource clock) {
    return new Deadline(clock.instant().plus(time), clock, Sleeper.THREAD);
  }

  /** Returns the time that is left; negative when there is none. */
  public Duration remaining() {
    return Duration.between(clock.instant(), at);
  }

  /** Returns the time that is left, or the given time if that is shorter. */
  public Duration remainingUpTo(Duration longest) {
    Duration remaining = remaining();
    return remaining.compareTo(longest) < 0 ? remaining : longest;
  }

  /** Returns the longest that a request may take now; zero when there is no time left. */
  public Duration requestTimeout() {
    Duration timeout = remainingUpTo(LONGEST_REQUEST);
    return timeout.isNegative() ? Duration.ZERO : timeout;
  }

  /**
   * Waits.
   *
   * @return false if there is not that much time left, or if the thread was interrupted
   */
  public boolean pause(Duration duration) {
    if (remaining().compareTo(duration) <= 0) {
      return false;
    }
    try {
      sleeper.sleep(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
