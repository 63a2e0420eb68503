package dev.utsushi.infra.settings;

import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One table and the index that copies it.
 *
 * @param index the readers' alias
 * @param mapping the value of the function's setting: JSON, or a resource in its jar
 * @param iteratorAgeAlarm alarm when the index is this far behind
 * @param secondChance how long after it failed a change is tried once more, before it becomes a
 *     dead letter; empty for not at all
 */
public record StreamSettings(
    String index,
    TableSettings table,
    Optional<String> mapping,
    Reading reading,
    Running running,
    TtlDeletes ttlDeletes,
    Optional<String> lagAttribute,
    Duration iteratorAgeAlarm,
    Optional<Duration> secondChance) {

  /**
   * How the stream is read.
   *
   * @param retryAttempts -1 for as long as the records are there
   * @param recordAgeSeconds -1 for no limit
   * @param filterPatterns JSON; empty for every record
   */
  public record Reading(
      int batchSize,
      Duration batchingWindow,
      int parallelizationFactor,
      int retryAttempts,
      int recordAgeSeconds,
      boolean bisect,
      String startingPosition,
      List<String> filterPatterns) {}

  /** What the function runs on. */
  public record Running(
      int memoryMib,
      Duration timeout,
      String architecture,
      Optional<Integer> reservedConcurrency) {}
}
