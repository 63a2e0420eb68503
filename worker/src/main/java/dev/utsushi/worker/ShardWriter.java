package dev.utsushi.worker;

import com.amazonaws.services.dynamodbv2.streamsadapter.model.DynamoDBStreamsProcessRecordsInput;
import com.amazonaws.services.dynamodbv2.streamsadapter.processor.DynamoDBStreamsShardRecordProcessor;
import dev.utsushi.core.telemetry.Log;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.KinesisClientLibDependencyException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.exceptions.ThrottlingException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * What the Kinesis Client Library calls with the records of one shard, also when there are none. It
 * deals them out to lanes and returns, so that a lane that waits does not hold up the others.
 */
final class ShardWriter implements DynamoDBStreamsShardRecordProcessor {
  /** Each checkpoint writes to the table of leases. */
  private static final long CHECKPOINT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long WAIT_MILLIS = 100;

  private final ShardParts parts;
  private final Log log;
  private final OpenRecords progress = new OpenRecords();
  private String shardId = "";
  private List<WriteLane> lanes = List.of();
  private volatile boolean stopped;
  private @Nullable String checkpoint;
  private long checkpointedAt = System.nanoTime();

  ShardWriter(ShardParts parts, Log log) {
    this.parts = parts;
    this.log = log;
  }

  @Override
  public void initialize(InitializationInput input) {
    shardId = input.shardId();
    lanes = parts.lanes(shardId, progress);
    lanes.forEach(WriteLane::start);
    parts.metrics().opened(shardId, progress);
    log.info("shard_opened", json -> json.writeStringField("shard", shardId));
  }

  @Override
  public void processRecords(DynamoDBStreamsProcessRecordsInput input) {
    deal(input.records(), input.checkpointer());
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    deal(input.records(), input.checkpointer());
  }

  private void deal(
      List<? extends KinesisClientRecord> records, RecordProcessorCheckpointer checkpointer) {
    try {
      for (KinesisClientRecord each : records) {
        while (!stopped && !progress.awaitRoom(WAIT_MILLIS)) {
          checkpointNowAndThen(checkpointer);
        }
        if (stopped || parts.isStopping()) {
          // A gap must not be passed by a checkpoint: nothing is taken any more.
          stopped = true;
          return;
        }
        deal(each);
      }
      checkpointNowAndThen(checkpointer);
    } catch (InterruptedException _) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }

  private void deal(KinesisClientRecord delivered) {
    OpenRecord read = parts.read(delivered);
    boolean wanted = parts.isWanted(delivered, read);
    progress.add(read);
    if (wanted) {
      lanes.get(read.laneOf(lanes.size())).add(read);
    } else {
      progress.settle(List.of(read));
      parts.metrics().settled(1);
    }
  }

  private void checkpointNowAndThen(RecordProcessorCheckpointer checkpointer) {
    long now = System.nanoTime();
    if (now - checkpointedAt >= CHECKPOINT_INTERVAL_NANOS) {
      checkpointedAt = now;
      checkpoint(checkpointer);
    }
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer) {
    String settled = progress.settledUpTo();
    if (settled != null && !Objects.equals(settled, checkpoint)) {
      try {
        checkpointer.checkpoint(settled);
        checkpoint = settled;
      } catch (ShutdownException _) {
        // Another worker has the shard.
        stopped = true;
      } catch (ThrottlingException
          | KinesisClientLibDependencyException
          | InvalidStateException e) {
        // The next one may succeed. A checkpoint that is behind costs records that come twice.
        String reason = e.getClass().getSimpleName();
        log.warn("checkpoint_failed", json -> json.writeStringField("reason", reason));
      }
    }
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    close("lease_lost");
  }

  /** The shard is closed and read: its children may be read when all of it is settled. */
  @Override
  public void shardEnded(ShardEndedInput input) {
    try {
      while (!progress.awaitEmpty(WAIT_MILLIS)) {
        if (stopped) {
          throw new IllegalStateException("The worker stops before the shard is settled.");
        }
        checkpointNowAndThen(input.checkpointer());
      }
      input.checkpointer().checkpoint();
    } catch (ThrottlingException
        | KinesisClientLibDependencyException
        | InvalidStateException
        | ShutdownException e) {
      throw new IllegalStateException("The end of the shard was not noted; the library retries", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      close("shard_ended");
    }
  }

  /** The worker stops, or the shard goes to another one. */
  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    close("shard_handed_over");
    checkpoint(input.checkpointer());
  }

  private void close(String event) {
    stopped = true;
    lanes.forEach(WriteLane::stop);
    try {
      for (WriteLane lane : lanes) {
        lane.awaitEnd();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    parts.metrics().closed(shardId, progress);
    log.info(event, json -> json.writeStringField("shard", shardId));
  }
}
