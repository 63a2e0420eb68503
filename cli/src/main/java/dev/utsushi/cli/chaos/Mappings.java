package dev.utsushi.cli.chaos;

import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.local.stream.CheckpointStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** One event source mapping for each stream that the table has had, and their checkpoints. */
final class Mappings implements AutoCloseable {
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
  private static final int MOST_COPIES = 20;

  private final List<EventSourceMapping> running = new ArrayList<>();
  private final Deque<CheckpointStore> copies = new ArrayDeque<>();
  private final DynamoDbStreamsClient streams;
  private final Deliveries deliveries;
  private final EventSourceMappingSettings settings;
  private final SqsClient sqs;
  private final String queueUrl;
  private final Journal journal;
  private final Findings findings;
  private CheckpointStore checkpoints = new CheckpointStore();

  Mappings(
      DynamoDbStreamsClient streams,
      Deliveries deliveries,
      EventSourceMappingSettings settings,
      SqsClient sqs,
      String queueUrl,
      Journal journal,
      Findings findings) {
    this.streams = streams;
    this.deliveries = deliveries;
    this.settings = settings;
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.journal = journal;
    this.findings = findings;
  }

  /** As a table's mapping would be made: small batches, some lanes, sometimes split on errors. */
  static EventSourceMappingSettings settings(long seed) {
    Random random = new Random(seed);
    return EventSourceMappingSettings.defaults()
        .withBatchSize(List.of(1, 5, 25).get(random.nextInt(3)))
        .withParallelizationFactor(1 + random.nextInt(3))
        .withBisectBatchOnFunctionError(random.nextBoolean())
        .withMaximumRetryAttempts(3)
        .withReportBatchItemFailures(true);
  }

  /** Another stream; those that run already go on. */
  synchronized void start(String streamArn) {
    var mapping =
        EventSourceMapping.of(streamArn, streams, deliveries, settings)
            .onFailure(sqs, queueUrl)
            .checkpoints(checkpoints)
            .retryWaits(FIRST_WAIT, LONGEST_WAIT)
            .listener(this::on)
            .build();
    mapping.start();
    running.add(mapping);
  }

  /** Keeps the checkpoints of this moment, to go back to. */
  synchronized void remember() {
    if (copies.size() == MOST_COPIES) {
      copies.removeFirst();
    }
    copies.addLast(checkpoints.copy());
  }

  /** Stops them all and has them begin again where they were at some earlier moment. */
  synchronized void restartFromOldCheckpoint(List<String> streamArns, long seed) {
    close();
    var remembered = List.copyOf(copies);
    checkpoints =
        remembered.isEmpty()
            ? new CheckpointStore()
            : remembered.get(new Random(seed).nextInt(remembered.size())).copy();
    streamArns.forEach(this::start);
  }

  /** Read, and not yet processed or given up. */
  synchronized long unsettled() {
    return running.stream().mapToLong(mapping -> mapping.counters().unsettledRecords()).sum();
  }

  @Override
  public synchronized void close() {
    running.forEach(EventSourceMapping::close);
    running.clear();
  }

  private void on(MappingEvent event) {
    if (event instanceof MappingEvent.ShardFinished(String shardId)) {
      journal.fault("mapping: shard " + shardId + " is finished");
    } else if (event instanceof MappingEvent.Trimmed(String shardId)) {
      journal.fault("mapping: records of " + shardId + " are trimmed");
    } else if (event instanceof MappingEvent.Problem(String where, Exception cause)) {
      journal.fault("mapping: " + where + ": " + cause);
      if (!(cause instanceof SdkException)) {
        findings.add(Finding.general("the mapping failed: " + where + ": " + cause));
      }
    }
  }
}
