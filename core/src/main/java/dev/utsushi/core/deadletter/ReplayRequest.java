package dev.utsushi.core.deadletter;

/**
 * What a replay has to do: the payload of its invocation.
 *
 * @param dryRun whether to report only what would happen
 * @param max the most messages to process; 0 for no limit
 * @param olderThanSeconds the least age of a message, since Lambda gave up
 * @param ratePerSecond the most records to write per second; 0 for no limit
 */
public record ReplayRequest(boolean dryRun, int max, long olderThanSeconds, double ratePerSecond) {
  /** Replays everything. */
  public static final ReplayRequest ALL = new ReplayRequest(false, 0, 0, 0);

  /**
   * @throws IllegalArgumentException if a limit is negative
   */
  public ReplayRequest {
    if (max < 0 || olderThanSeconds < 0 || !(ratePerSecond >= 0)) {
      throw new IllegalArgumentException("a limit of a replay is negative");
    }
  }

  /** Returns the same request with another limit of messages. */
  public ReplayRequest withMax(int most) {
    return new ReplayRequest(dryRun, most, olderThanSeconds, ratePerSecond);
  }

  /**
   * Reads a request; a limit that it does not name is not set.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static ReplayRequest parse(String json) {
    return DeadLetterJson.read(json, ReplayRequest.class);
  }

  /** Writes the request as {@link #parse} reads it. */
  public String toJson() {
    return DeadLetterJson.write(this);
  }
}
