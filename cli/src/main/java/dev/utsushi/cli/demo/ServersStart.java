package dev.utsushi.cli.demo;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.LocalServerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts the servers, and gives up on a machine that is too busy for them. */
public final class ServersStart {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final long INTERVAL_MILLIS = 200;

  private ServersStart() {}

  /**
   * Returns when all answer; meanwhile the terminal's status tells how long it has been.
   *
   * @throws DemoException if they don't come up
   */
  public static LocalAws start(Terminal terminal) throws InterruptedException {
    CompletableFuture<LocalAws> starting = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("servers-start").start(() -> startInto(starting));
    long start = System.nanoTime();
    try {
      while (true) {
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(LONGEST) > 0) {
          throw new DemoException(
              "the servers did not start within %d s: is the machine busy? Try again, or give it"
                      .formatted(LONGEST.toSeconds())
                  + " two cores and 2 GB of free memory");
        }
        terminal.status(
            "starting DynamoDB Local, OpenSearch and ElasticMQ … %d s"
                .formatted(waited.toSeconds()));
        try {
          return starting.get(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          // Not yet.
        }
      }
    } catch (ExecutionException e) {
      throw notStarted(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      abandon(starting);
      throw e;
    }
  }

  private static void startInto(CompletableFuture<LocalAws> starting) {
    try {
      starting.complete(LocalAws.start());
    } catch (Throwable e) {
      starting.completeExceptionally(e);
    }
  }

  private static DemoException notStarted(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String what =
        failure instanceof LocalServerException
            ? failure.getMessage()
            : "the servers did not start";
    return new DemoException(what + ": " + root, failure);
  }

  /** Half-started servers would leave their data behind: let them come up, then stop them. */
  private static void abandon(CompletableFuture<LocalAws> starting) {
    try {
      starting.get(LONGEST.toSeconds(), TimeUnit.SECONDS).close();
    } catch (InterruptedException | ExecutionException | TimeoutException _) {
      // Nothing came up that would have to be stopped.
    }
  }
}
