package dev.utsushi.local.mapping;

import dev.utsushi.local.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of an event source mapping, with the limits and defaults of the real one. Start from
 * {@link #defaults()} and change what differs.
 *
 * @param batchSize 1 to 10,000 records, of at most 6 MB together
 * @param batchingWindow how long to gather records before an invocation, 0 to 300 whole seconds
 * @param parallelizationFactor 1 to 10 concurrent batches of a shard
 * @param startingPosition where to start without a checkpoint
 * @param startingPositionTimestamp the time of {@link StartingPosition#AT_TIMESTAMP}, and only of
 *     it
 * @param maximumRetryAttempts 0 to 10,000 retries of a failing batch after its first invocation;
 *     empty for no limit (AWS's -1)
 * @param maximumRecordAge 60 s to 7 days; empty for no limit (AWS's -1)
 * @param bisectBatchOnFunctionError whether a failing batch is split in two
 * @param reportBatchItemFailures whether the function's reply names the failed records
 * @param filters which records reach the function
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html">Configuration
 *     options for DynamoDB event sources</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html">…
 *     for Kinesis event sources</a>
 */
@RecordBuilder
public record EventSourceMappingSettings(
    int batchSize,
    Duration batchingWindow,
    int parallelizationFactor,
    StartingPosition startingPosition,
    Optional<Instant> startingPositionTimestamp,
    OptionalInt maximumRetryAttempts,
    Optional<Duration> maximumRecordAge,
    boolean bisectBatchOnFunctionError,
    boolean reportBatchItemFailures,
    FilterCriteria filters)
    implements EventSourceMappingSettingsBuilder.With {

  /** Where a mapping without checkpoints starts to read. */
  public enum StartingPosition {
    /** At the oldest record that the stream still holds. */
    TRIM_HORIZON,
    /** After the newest record that the stream holds when the mapping starts. */
    LATEST,
    /** At a time; Kinesis only. */
    AT_TIMESTAMP
  }

  /**
   * @throws IllegalArgumentException naming every setting that is out of range
   */
  public EventSourceMappingSettings {
    var limits = new Limits();
    limits.batching(batchSize, batchingWindow);
    limits.check("parallelizationFactor", parallelizationFactor, 1, 10);
    limits.require(
        (startingPosition == StartingPosition.AT_TIMESTAMP)
            == startingPositionTimestamp.isPresent(),
        "startingPositionTimestamp goes with AT_TIMESTAMP, not with " + startingPosition);
    maximumRetryAttempts.ifPresent(
        attempts -> limits.check("maximumRetryAttempts", attempts, 0, 10_000));
    maximumRecordAge.ifPresent(
        age -> limits.check("maximumRecordAge in seconds", age.toSeconds(), 60, 604_800));
    limits.throwProblems();
  }

  /** Returns AWS's defaults, starting at the trim horizon. */
  public static EventSourceMappingSettings defaults() {
    return new EventSourceMappingSettings(
        100,
        Duration.ZERO,
        1,
        StartingPosition.TRIM_HORIZON,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        false,
        false,
        FilterCriteria.none());
  }

  /** Returns settings that start at a time, which only Kinesis can. */
  public EventSourceMappingSettings startingAt(Instant time) {
    return EventSourceMappingSettingsBuilder.builder(this)
        .startingPosition(StartingPosition.AT_TIMESTAMP)
        .startingPositionTimestamp(Optional.of(time))
        .build();
  }

  public EventSourceMappingSettings withMaximumRetryAttempts(int maximumRetryAttempts) {
    return withMaximumRetryAttempts(OptionalInt.of(maximumRetryAttempts));
  }

  public EventSourceMappingSettings withMaximumRecordAge(Duration maximumRecordAge) {
    return withMaximumRecordAge(Optional.of(maximumRecordAge));
  }
}
