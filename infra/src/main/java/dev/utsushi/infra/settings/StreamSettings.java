package dev.utsushi.infra.settings;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.construct.ReplicationAlarm;
import dev.utsushi.construct.ReplicationProps;
import dev.utsushi.construct.WorkerCluster;
import dev.utsushi.construct.WorkerProps;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.StartingPosition;

/**
 * A table and the index that copies it: what the file sets for the stream, for all streams, or by
 * default.
 *
 * @param source {@code dynamodb}, {@code kinesis} or {@code both}
 * @param consumers others of the same changes; their table and source are this one's
 * @param consumer {@code lambda} or {@code worker}
 * @param functionArn of a consumer that is somebody's own function; its index is its name
 * @param roleArn the role of that function
 * @param reportsBatchItemFailures whether that function's reply names what it failed on
 * @param mapping JSON, or the name of a resource in the function's jar
 * @param targets JSON; null for the index alone
 * @param filterWarnings how the filter patterns leave documents behind, in whole sentences
 * @param alarms thresholds, or {@code off}, by the alarm's name
 * @param readers roles that may search the index, in a new domain
 */
public record StreamSettings(
    String index,
    TableSettings table,
    String source,
    @Nullable KinesisSettings kinesis,
    List<StreamSettings> consumers,
    String consumer,
    @Nullable WorkerSettings worker,
    @Nullable String functionArn,
    @Nullable String roleArn,
    @Nullable Boolean reportsBatchItemFailures,
    @Nullable String mapping,
    @Nullable String targets,
    int batchSize,
    int batchingWindowSeconds,
    int parallelizationFactor,
    int maximumRetryAttempts,
    int maximumRecordAgeSeconds,
    boolean bisectBatchOnError,
    String startingPosition,
    boolean enabled,
    List<JsonNode> filterPatterns,
    List<String> filterWarnings,
    int memoryMib,
    int timeoutSeconds,
    String architecture,
    @Nullable Integer reservedConcurrency,
    String ttlDeletes,
    boolean reindex,
    @Nullable String lagAttribute,
    int iteratorAgeAlarmSeconds,
    Map<String, JsonNode> alarms,
    List<String> readers,
    @Nullable Integer secondChanceSeconds,
    BackfillSettings backfill,
    @Nullable VerifySettings verify,
    @Nullable PurgeSettings purge) {

  /** Sets the options that the file gives for the stream, or for all streams, or by default. */
  public ReplicationProps options(ReplicationProps props) {
    props
        .batchSize(batchSize)
        .batchingWindow(Duration.seconds(batchingWindowSeconds))
        .parallelizationFactor(parallelizationFactor)
        .maximumRetryAttempts(maximumRetryAttempts)
        .bisectBatchOnError(bisectBatchOnError)
        .startingPosition(StartingPosition.valueOf(startingPosition))
        .filterPatterns(filterPatterns.stream().map(JsonNode::toString).toList())
        .enabled(enabled)
        .memoryMib(memoryMib)
        .timeout(Duration.seconds(timeoutSeconds))
        .architecture(architecture.equals("arm64") ? Architecture.ARM_64 : Architecture.X86_64)
        .backfillMaximumConcurrency(backfill.maximumConcurrency())
        .keepExpired(ttlDeletes.equals("keep"))
        .reindex(reindex)
        .alarmThreshold(
            ReplicationAlarm.ITERATOR_AGE,
            java.time.Duration.ofSeconds(iteratorAgeAlarmSeconds).toMillis());
    ifSet(reportsBatchItemFailures, props::reportsBatchItemFailures);
    ifSet(table.sortKey(), props::sortKey);
    ifSet(mapping, props::mapping);
    ifSet(targets, props::targets);
    ifSet(lagAttribute, props::lagAttribute);
    ifSet(reservedConcurrency, props::reservedConcurrency);
    ifSet(secondChanceSeconds, seconds -> props.secondChance(Duration.seconds(seconds)));
    ifSet(verify, it -> it.options(props));
    ifSet(purge, it -> props.purgeSchedule(it.schedule()));
    if (maximumRecordAgeSeconds > 0) {
      props.maximumRecordAge(Duration.seconds(maximumRecordAgeSeconds));
    }
    for (ReplicationAlarm alarm : ReplicationAlarm.values()) {
      ifSet(alarms.get(alarm.id()), threshold -> set(props, alarm, threshold));
    }
    return props;
  }

  private static void set(ReplicationProps props, ReplicationAlarm alarm, JsonNode threshold) {
    if (threshold.isNumber()) {
      props.alarmThreshold(alarm, threshold.longValue());
    } else {
      props.withoutAlarm(alarm);
    }
  }

  private static <T> void ifSet(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  /** Returns whether a Kinesis stream delivers the table's changes. */
  public boolean readsKinesis() {
    return !source.equals("dynamodb");
  }

  /**
   * The Kinesis stream that receives the table's changes.
   *
   * @param existingStreamArn null for a new stream
   * @param shards null for capacity on demand
   */
  public record KinesisSettings(
      String since,
      @Nullable String existingStreamArn,
      @Nullable String kmsKeyArn,
      @Nullable Integer shards,
      int retentionHours,
      boolean enhancedFanOut) {}

  /** The workers that read the stream. */
  public record WorkerSettings(
      String image, int cpu, int memoryMib, int minimum, int maximum, int lanes, int batchSize) {
    /** Returns their options. */
    public WorkerProps options(WorkerCluster cluster) {
      return WorkerProps.of(image, cluster)
          .cpu(cpu)
          .memoryMib(memoryMib)
          .minimum(minimum)
          .maximum(maximum)
          .lanes(lanes)
          .batchSize(batchSize);
    }
  }

  /**
   * How backfills and verifications run.
   *
   * @param maximumConcurrency how many segments are worked on at once
   */
  public record BackfillSettings(int maximumConcurrency) {}

  /**
   * How verifications run on a schedule.
   *
   * @param sample a share of the table in percent, with its sign
   * @param readCapacity units a second; null for no limit
   */
  public record VerifySettings(
      String schedule, boolean repair, String sample, @Nullable Integer readCapacity) {
    private void options(ReplicationProps props) {
      props
          .verifySchedule(schedule)
          .verifyRepair(repair)
          .verifySample(Double.parseDouble(sample.replace("%", "")) / 100);
      ifSet(readCapacity, props::verifyReadCapacity);
    }
  }

  /** When old tombstones are deleted. */
  public record PurgeSettings(String schedule) {}

  /** The table whose stream is read. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = NewTable.class, name = "create"),
    @JsonSubTypes.Type(value = ExistingTable.class, name = "existing")
  })
  public sealed interface TableSettings {
    String partitionKey();

    @Nullable String sortKey();
  }

  /** A new table. */
  public record NewTable(
      @Nullable String name,
      String partitionKey,
      String partitionKeyType,
      @Nullable String sortKey,
      @Nullable String sortKeyType,
      @Nullable String timeToLiveAttribute,
      @Nullable Boolean deletionProtection)
      implements TableSettings {

    /**
     * Returns whether the table can't be deleted. Under a name of its own it would block each retry
     * of a first deployment that failed.
     */
    public boolean isProtected() {
      return deletionProtection == null ? name == null : deletionProtection;
    }
  }

  /**
   * An existing table.
   *
   * @param streamArn null if only Kinesis is read
   */
  public record ExistingTable(
      String arn,
      @Nullable String streamArn,
      String partitionKey,
      @Nullable String sortKey,
      @Nullable String kmsKeyArn)
      implements TableSettings {}
}
