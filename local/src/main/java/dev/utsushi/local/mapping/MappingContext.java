package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.stream.CheckpointStore;
import dev.utsushi.local.stream.ShardProgress;
import dev.utsushi.local.stream.StreamKind;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The parts of a mapping that its shards and lanes share. Start from {@link #of} and change what
 * differs.
 *
 * @param streamArn the event source: a table's stream, {@code arn:aws:dynamodb:…/stream/<label>}, a
 *     Kinesis stream, or a consumer of one
 * @param onFailure receives messages about records that are given up; without a queue they are
 *     dropped
 * @param checkpoints where the mapping starts and what it writes its progress to
 * @param listener receives what the mapping does, on the thread that does it
 * @param backoff the waits between attempts
 * @param backlog the bound of records that are read ahead
 * @param sleeper makes all waits
 */
@RecordBuilder
public record MappingContext(
    String streamArn,
    Invocable function,
    EventSourceMappingSettings settings,
    Optional<OnFailureQueue> onFailure,
    CheckpointStore checkpoints,
    Consumer<MappingEvent> listener,
    Backoff backoff,
    Backlog backlog,
    InstantSource clock,
    Sleeper sleeper)
    implements MappingContextBuilder.With {

  /** The queue for messages about records that are given up. */
  public record OnFailureQueue(SqsClient sqs, String url) {}

  /** Waits, so that a test can have its own time. */
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * How long to wait between attempts: twice as long each time up to the longest wait, and of that
   * a random part between a half and the whole, so that lanes that failed together do not retry
   * together.
   */
  public record Backoff(Duration first, Duration longest, RandomGenerator random) {

    /** By then every sensible first wait has reached the longest one. */
    private static final int MOST_DOUBLINGS = 30;

    public Backoff(Duration first, Duration longest) {
      this(first, longest, RandomGenerator.getDefault());
    }

    /**
     * Returns the wait before the next attempt.
     *
     * @param failures the number of failures so far, from 1
     */
    Duration waitAfter(int failures) {
      Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
      long most = Math.max(2, (doubled.compareTo(longest) < 0 ? doubled : longest).toNanos());
      return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
    }
  }

  /**
   * How much of a shard may be read and not settled: at this bound, polling waits for the lanes,
   * since memory is finite. Below it, a stuck lane does not hold up the others.
   */
  public record Backlog(long records, long bytes) {

    private static final long LEAST_RECORDS = 10_000;
    private static final long LEAST_BYTES = 64L * 1024 * 1024;

    /** Room for each lane to have one batch in flight and another one waiting. */
    private static final int BATCHES_PER_LANE = 2;

    static Backlog of(EventSourceMappingSettings settings) {
      long batches = (long) settings.parallelizationFactor() * BATCHES_PER_LANE;
      return new Backlog(
          Math.max(LEAST_RECORDS, batches * settings.batchSize()),
          Math.max(LEAST_BYTES, batches * RecordBatch.MAXIMUM_BYTES));
    }

    boolean isFull(ShardProgress progress) {
      return progress.openRecords() >= records || progress.openBytes() >= bytes;
    }
  }

  /**
   * Returns the context of a mapping without an on-failure queue, checkpoints and a listener, which
   * waits 100 ms before the first retry and at most 60 s.
   */
  public static MappingContext of(
      String streamArn, Invocable function, EventSourceMappingSettings settings) {
    return new MappingContext(
        streamArn,
        function,
        settings,
        Optional.empty(),
        new CheckpointStore(),
        _ -> {},
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60)),
        Backlog.of(settings),
        InstantSource.system(),
        Thread::sleep);
  }

  public MappingContext withOnFailure(SqsClient sqs, String queueUrl) {
    return withOnFailure(Optional.of(new OnFailureQueue(sqs, queueUrl)));
  }

  StreamKind kind() {
    return StreamKind.of(streamArn);
  }

  void report(MappingEvent event) {
    listener.accept(event);
  }
}
