package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * The function that is invoked.
 *
 * @param time of an invocation in a warm environment
 * @param coldStart added to the first invocation of an environment; an environment starts when none
 *     is idle, and none is reclaimed during a simulation
 * @param concurrency invocations at the same time; more are throttled
 * @param failureShare of the invocations that fail, 0 to 1, each from a random record of its batch
 *     on
 */
public record FunctionModel(
    InvocationTime time, Duration coldStart, int concurrency, double failureShare) {

  /** The default limit of an account, for all its functions. */
  public static final int ACCOUNT_CONCURRENCY = 1000;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public FunctionModel {
    Checks.notNegative("cold start", coldStart);
    Checks.inRange("concurrency", concurrency, 1, 100_000);
    if (!(failureShare >= 0 && failureShare <= 1)) {
      throw new IllegalArgumentException(
          "the share of failures must be 0 to 1, not " + failureShare);
    }
  }

  /** Returns a function that is warm, never fails, and has all of an account's concurrency. */
  public static FunctionModel of(InvocationTime time) {
    return new FunctionModel(time, Duration.ZERO, ACCOUNT_CONCURRENCY, 0);
  }
}
