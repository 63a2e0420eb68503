package dev.utsushi.testbed.pipeline;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.TemporaryDirectory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Starts the embedded servers with a time limit, for a machine that is too busy for them. */
public final class EmbeddedServers {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final long INTERVAL_MILLIS = 200;

  private EmbeddedServers() {}

  /** Starts the servers with default settings. */
  public static LocalAws start(Consumer<Duration> waiting) throws InterruptedException {
    return start(Map.of(), waiting);
  }

  /**
   * Starts the servers and returns when all of them answer.
   *
   * @param waiting receives how long it has taken so far, several times per second
   * @throws LocalServerException if one does not start in time
   */
  public static LocalAws start(Map<String, String> engineSettings, Consumer<Duration> waiting)
      throws InterruptedException {
    TemporaryDirectory.requireRoom();
    CompletableFuture<LocalAws> starting =
        CompletableFuture.supplyAsync(
            () -> LocalAws.start(engineSettings),
            task -> Thread.ofPlatform().daemon().name("servers-start").start(task));
    long start = System.nanoTime();
    try {
      while (true) {
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(LONGEST) > 0) {
          throw new LocalServerException(
              "The servers did not start within %d s. They need two cores and 2 GB of free memory."
                  .formatted(LONGEST.toSeconds()));
        }
        waiting.accept(waited);
        try {
          return starting.get(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          // Still starting.
        }
      }
    } catch (ExecutionException e) {
      throw notStarted(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      stopWhenStarted(starting);
      throw e;
    }
  }

  private static LocalServerException notStarted(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return failure instanceof LocalServerException
        ? new LocalServerException(failure.getMessage() + ": " + root)
        : new LocalServerException("The servers did not start", root);
  }

  /** Servers that are half started would leave their data behind. */
  private static void stopWhenStarted(CompletableFuture<LocalAws> starting) {
    try {
      starting.get(LONGEST.toSeconds(), TimeUnit.SECONDS).close();
    } catch (InterruptedException | ExecutionException | TimeoutException _) {
      // There is nothing to stop.
    }
  }
}
