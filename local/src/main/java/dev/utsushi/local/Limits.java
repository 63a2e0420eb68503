package dev.utsushi.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Checks settings, and finds all problems before it throws. */
public final class Limits {
  private final List<String> problems = new ArrayList<>();

  public void check(String name, long value, long least, long most) {
    require(
        value >= least && value <= most,
        "%s takes %d to %d, not %d".formatted(name, least, most, value));
  }

  public void require(boolean condition, String problem) {
    if (!condition) {
      problems.add(problem);
    }
  }

  /** Checks what mappings of streams and queues have in common. */
  public void batching(int batchSize, Duration batchingWindow) {
    check("batchSize", batchSize, 1, 10_000);
    check("batchingWindow in seconds", batchingWindow.toSeconds(), 0, 300);
    require(
        batchingWindow.equals(Duration.ofSeconds(batchingWindow.toSeconds())),
        "batchingWindow takes whole seconds, not " + batchingWindow);
  }

  /**
   * Ends the check.
   *
   * @throws IllegalArgumentException with every problem
   */
  public void throwProblems() {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }
}
