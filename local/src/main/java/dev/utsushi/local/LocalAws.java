package dev.utsushi.local;

import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.kinesis.LocalKinesis;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.search.LocalOpenSearch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All AWS services that Utsushi uses: DynamoDB, OpenSearch and SQS in this JVM, and Kinesis beside
 * it once somebody asks for it.
 */
public final class LocalAws implements AutoCloseable {
  private final LocalDynamoDb dynamoDb;
  private final LocalOpenSearch search;
  private final LocalSqs sqs;
  private @Nullable LocalKinesis kinesis;

  private LocalAws(LocalDynamoDb dynamoDb, LocalOpenSearch search, LocalSqs sqs) {
    this.dynamoDb = dynamoDb;
    this.search = search;
    this.sqs = sqs;
  }

  /**
   * Starts all servers concurrently; returns when all answer.
   *
   * @throws LocalServerException if a server does not start; the others are stopped
   */
  public static LocalAws start() {
    return start(Map.of());
  }

  /**
   * Starts all servers concurrently; returns when all answer.
   *
   * @param engineSettings additional settings of OpenSearch
   * @throws LocalServerException if a server does not start; the others are stopped
   */
  public static LocalAws start(Map<String, String> engineSettings) {
    var search = starting("OpenSearch", () -> LocalOpenSearch.start(engineSettings));
    var dynamoDb = starting("DynamoDB Local", LocalDynamoDb::start);
    var sqs = starting("ElasticMQ", LocalSqs::start);
    try {
      return new LocalAws(dynamoDb.join(), search.join(), sqs.join());
    } catch (CompletionException e) {
      List.of(dynamoDb, search, sqs).forEach(LocalAws::closeOnceStarted);
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

  /**
   * Returns Kinesis, which the first call starts.
   *
   * @throws LocalServerException if it does not start
   */
  public synchronized LocalKinesis kinesis() {
    if (kinesis == null) {
      kinesis = LocalKinesis.start();
    }
    return kinesis;
  }

  /** Stops all servers and deletes their data. */
  @Override
  public synchronized void close() {
    try (search;
        dynamoDb;
        sqs;
        var _ = kinesis) {
      // Stops each server, even if another one fails to stop.
    }
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
        task -> Thread.ofPlatform().name("local-aws-start").daemon().start(task));
  }

  private static void closeOnceStarted(CompletableFuture<? extends AutoCloseable> server) {
    try (var _ = server.join()) {
      // Stops a server that did start.
    } catch (Exception _) {
      // The first failure is reported.
    }
  }
}
