package dev.utsushi.cli.chaos;

import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.search.LocalOpenSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The servers of one run, new for each: what one seed breaks must not reach the next. */
record ChaosServers(LocalDynamoDb dynamoDb, LocalOpenSearch search, LocalSqs sqs)
    implements AutoCloseable {
  private static final long START_SECONDS = 120;

  /** A document of more than 64 KiB is refused, so that a run can have poison. */
  private static final Map<String, String> SMALL_REQUESTS =
      Map.of("http.max_content_length", "64kb");

  /**
   * Returns when all answer.
   *
   * @throws ChaosException if they don't come up
   */
  static ChaosServers start() throws InterruptedException {
    var search = starting(() -> LocalOpenSearch.start(SMALL_REQUESTS));
    var dynamoDb = starting(LocalDynamoDb::start);
    var sqs = starting(LocalSqs::start);
    try {
      return new ChaosServers(started(dynamoDb), started(search), started(sqs));
    } catch (ExecutionException | TimeoutException e) {
      abandon(List.of(search, dynamoDb, sqs));
      throw new ChaosException("the servers did not start: is the machine busy?", e);
    } catch (InterruptedException e) {
      abandon(List.of(search, dynamoDb, sqs));
      throw e;
    }
  }

  private static <T> CompletableFuture<T> starting(Supplier<T> start) {
    return CompletableFuture.supplyAsync(
        start, task -> Thread.ofPlatform().daemon().name("chaos-start").start(task));
  }

  private static <T> T started(CompletableFuture<T> server)
      throws ExecutionException, TimeoutException, InterruptedException {
    return server.get(START_SECONDS, TimeUnit.SECONDS);
  }

  /** Those that are up, or come up still, are closed. */
  private static void abandon(List<CompletableFuture<? extends AutoCloseable>> servers) {
    for (var server : servers) {
      var _ = server.thenAccept(running -> close(List.of(running)));
    }
  }

  @Override
  public void close() {
    close(List.of(sqs, dynamoDb, search));
  }

  private static void close(List<? extends AutoCloseable> servers) {
    List<Exception> failures = new ArrayList<>();
    for (AutoCloseable server : servers) {
      try {
        server.close();
      } catch (Exception e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new LocalServerException("A server did not stop", failures.getFirst());
    }
  }
}
