package dev.utsushi.cli.outbox;

import dev.utsushi.core.telemetry.Log;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.mapping.MappingContext;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.stream.CheckpointStore;
import dev.utsushi.outbox.broker.SqsBroker;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.PollerRun;
import dev.utsushi.outbox.relay.OutboxSettings;
import dev.utsushi.outbox.relay.Patience;
import dev.utsushi.outbox.relay.Poller;
import dev.utsushi.outbox.relay.RelayCount;
import dev.utsushi.outbox.relay.RelayHandler;
import dev.utsushi.outbox.relay.Waves;
import dev.utsushi.outbox.table.EventTable;
import dev.utsushi.outbox.table.OutboxSchema;
import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An outbox on this machine: table and queue, the stream relay as a function in a JVM of its own,
 * and the poller on a thread.
 */
final class OutboxStand implements AutoCloseable {
  static final String TABLE = "coin-shop-outbox";

  /** Shorter than usual, so that a short demo shows the poller. */
  static final Patience PATIENCE =
      new Patience(
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final int MOST_REFUSALS = 5;

  private final LocalDynamoDb dynamoDb = LocalDynamoDb.start();
  private final LocalSqs sqs = LocalSqs.start();
  private final CheckpointStore checkpoints = new CheckpointStore();
  private final String queueUrl;
  private final EventTable table;
  private final Waves waves;
  private final LambdaFunction relay;
  private final Thread polling = Thread.ofVirtual().name("outbox-poller").unstarted(this::poll);
  private @Nullable EventSourceMapping mapping;
  private volatile boolean closed;

  OutboxStand() {
    queueUrl =
        sqs.client()
            .createQueue(
                create ->
                    create
                        .queueName("coins.fifo")
                        .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
            .queueUrl();
    dynamoDb.client().createTable(OutboxSchema.creation(TABLE));
    dynamoDb.client().updateTimeToLive(OutboxSchema.expiry(TABLE));
    var clock = InstantSource.system();
    table = new EventTable(dynamoDb.client(), TABLE, Duration.ofDays(7), clock);
    var log = new Log(new PrintStream(OutputStream.nullOutputStream()), clock);
    waves = new Waves(table, new SqsBroker(sqs.client(), queueUrl), log);
    relay = new LambdaFunction(relayConfiguration());
  }

  private LambdaConfiguration relayConfiguration() {
    List<Path> code =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    return LambdaConfiguration.of(
            "outbox-relay", code, RelayHandler.class.getName() + "::handleRequest")
        .withEnvironment(
            Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB",
                dynamoDb.endpoint().toString(),
                "AWS_ENDPOINT_URL_SQS",
                sqs.endpoint().toString(),
                OutboxSettings.TABLE,
                TABLE,
                OutboxSettings.TARGET,
                queueUrl));
  }

  /** Starts the relay's JVM and the poller. */
  void start() throws InterruptedException {
    var failure = relay.initialize();
    if (failure.isPresent()) {
      throw new IllegalStateException("The relay did not start: " + failure.get().payload());
    }
    deliver();
    polling.start();
  }

  /** Lets the stream deliver to the relay, from where it ended. */
  void deliver() {
    String stream =
        dynamoDb
            .client()
            .describeTable(describe -> describe.tableName(TABLE))
            .table()
            .latestStreamArn();
    var settings =
        EventSourceMappingSettings.defaults()
            .withReportBatchItemFailures(true)
            .withFilters(FilterCriteria.of(OutboxSchema.STREAM_FILTER));
    var context = MappingContext.of(stream, relay, settings).withCheckpoints(checkpoints);
    mapping = new EventSourceMapping(dynamoDb.streams(), context);
    mapping.start();
  }

  /** Kills the relay's JVM, whatever it is doing, and lets the stream deliver nothing. */
  void killAndMute() {
    relay.environments().forEach(ProcessHandle::destroyForcibly);
    if (mapping != null) {
      mapping.close();
    }
  }

  private void poll() {
    var rules = new PollerRun.Rules(MOST_REFUSALS, OnParked.KEY_WAITS);
    var poller = new Poller(table, waves, PATIENCE, rules, System::nanoTime);
    try {
      while (!closed) {
        poller.look(() -> !closed);
        LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns how many events are unpublished. */
  int unpublished() {
    return table.look().size();
  }

  /** Returns what the poller did. */
  RelayCount pollerCount() {
    return waves.count();
  }

  LocalDynamoDb dynamoDb() {
    return dynamoDb;
  }

  Receiver receiver() {
    return new Receiver(sqs.client(), queueUrl);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(polling);
    try {
      polling.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (dynamoDb;
        sqs;
        waves;
        relay) {
      if (mapping != null) {
        mapping.close();
      }
    }
  }
}
