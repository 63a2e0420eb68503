package dev.utsushi.local;

import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.search.LocalOpenSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Everything of AWS that Utsushi talks to, in this JVM: a table's home, an index, queues. */
public final class LocalAws implements AutoCloseable {
  private static final Executor OWN_THREAD =
      task -> Thread.ofPlatform().name("local-aws-start").daemon().start(task);

  private final LocalDynamoDb dynamoDb;
  private final LocalOpenSearch search;
  private final LocalSqs sqs;

  private LocalAws(LocalDynamoDb dynamoDb, LocalOpenSearch search, LocalSqs sqs) {
    this.dynamoDb = dynamoDb;
    this.search = search;
    this.sqs = sqs;
  }

  /**
   * Starts all servers at the same time; returns when all answer.
   *
   * @throws LocalServerException if one does not start; the others are stopped again
   */
  public static LocalAws start() {
    return start(Map.of());
  }

  /**
   * Starts all servers at the same time, OpenSearch with settings of its own; returns when all
   * answer.
   *
   * @throws LocalServerException if one does not start; the others are stopped again
   */
  public static LocalAws start(Map<String, String> engineSettings) {
    var search = starting("OpenSearch", () -> LocalOpenSearch.start(engineSettings));
    var dynamoDb = starting("DynamoDB Local", LocalDynamoDb::start);
    var sqs = starting("ElasticMQ", LocalSqs::start);
    try {
      return new LocalAws(dynamoDb.join(), search.join(), sqs.join());
    } catch (CompletionException e) {
      stopStarted(List.of(dynamoDb, search, sqs));
      throw e.getCause() instanceof LocalServerException known ? known : e;
    }
  }

  public LocalDynamoDb dynamoDb() {
    return dynamoDb;
  }

  public LocalOpenSearch search() {
    return search;
  }

  public LocalSqs sqs() {
    return sqs;
  }

  /** Stops all servers; their data is gone. */
  @Override
  public void close() {
    stop(List.of(sqs, dynamoDb, search));
  }

  private static <T extends AutoCloseable> CompletableFuture<T> starting(
      String server, Supplier<T> start) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return start.get();
          } catch (LocalServerException e) {
            throw e;
          } catch (Throwable e) {
            // Errors as well: out of memory shows up here first, and must name the server.
            throw new LocalServerException(server + " did not start", e);
          }
        },
        OWN_THREAD);
  }

  private static void stopStarted(List<CompletableFuture<? extends AutoCloseable>> servers) {
    List<AutoCloseable> started = new ArrayList<>();
    for (var server : servers) {
      server.handle((running, failure) -> running == null || started.add(running)).join();
    }
    stop(started);
  }

  /** Stops every one, also after one that fails; the first failure is thrown at the end. */
  private static void stop(List<? extends AutoCloseable> servers) {
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
