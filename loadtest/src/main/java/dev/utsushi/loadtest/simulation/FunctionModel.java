package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * The function that is invoked.
 *
 * @param time what an invocation takes, in an environment that is warm
 * @param coldStart what the first invocation in an environment takes on top; environments start
 *     when none is idle, and none goes away during a simulation
 * @param concurrency invocations at the same time; more are throttled
 * @param failureShare of the invocations that fail, 0 to 1, each from a random record of its batch
 *     on
 */
public record FunctionModel(
    InvocationTime time, Duration coldStart, int concurrency, double failureShare) {

  /** What an account has for all its functions, unless it asks for more. */
  public static final int ACCOUNT_CONCURRENCY = 1000;

  /**
   * @throws IllegalArgumentException if something is out of range
   */
  public FunctionModel {
    Checks.notNegative("cold start", coldStart);
    Checks.inRange("concurrency", concurrency, 1, 100_000);
    if (!(failureShare >= 0 && failureShare <= 1)) {
      throw new IllegalArgumentException("failures take 0 to 1, not " + failureShare);
    }
  }

  /** Warm, never failing, with an account's concurrency to itself. */
  public static FunctionModel of(InvocationTime time) {
    return new FunctionModel(time, Duration.ZERO, ACCOUNT_CONCURRENCY, 0);
  }
}
