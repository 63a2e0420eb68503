package dev.utsushi.core.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.telemetry.Metric;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The function's settings: their names, their rules and their values.
 *
 * @param index the first of the indexes, which names the stream
 * @param mapping of the first of the indexes
 * @param secretArn the secret for {@code BASIC} and {@code APIKEY}, null for the others
 * @param region the region that the function runs in; null only if {@code auth} needs none
 * @param stack the stack that the function is of, by which it reports its metrics; null for none
 * @param lagAttribute null if lag is measured from the stream's own time, in whole seconds
 * @param tableArn the table that is replicated; null for that of the first record
 * @param kinesis the Kinesis stream that delivers the table's changes; null for none
 * @param targets all of the indexes
 */
public record Settings(
    URI endpoint,
    SearchAuth auth,
    @Nullable String secretArn,
    @Nullable String region,
    IndexNames index,
    @Nullable String stack,
    KeySchema keySchema,
    Mapping mapping,
    TtlDeletes ttlDeletes,
    @Nullable String lagAttribute,
    @Nullable String tableArn,
    @Nullable KinesisSource kinesis,
    Targets targets) {

  /** Returns the dimensions of the function's metrics. */
  public Map<String, String> dimensions() {
    Map<String, String> dimensions = new TreeMap<>();
    dimensions.put(Metric.INDEX_DIMENSION, index.reader());
    if (stack != null) {
      dimensions.put(Metric.STACK_DIMENSION, stack);
    }
    return dimensions;
  }

  /** The environment variables of the function. */
  public enum Setting {
    /** URL of the cluster: scheme, host, and a path if a gateway serves the engine under one. */
    SEARCH_ENDPOINT,
    /** {@link SearchAuth}, in lower case. */
    SEARCH_AUTH,
    /** ARN of the Secrets Manager secret with {@code username} and {@code password}, or the key. */
    SEARCH_SECRET_ARN,
    /**
     * Certificate authorities to trust beside the JDK's, in PEM: a resource in the jar, or text.
     */
    SEARCH_CA,
    /** The readers' alias. */
    INDEX,
    /** Name of the stack, which sets its metrics apart from another stack's of the same index. */
    STACK,
    /** Name of the table's partition key. */
    PARTITION_KEY,
    /** Name of the table's sort key, if it has one. */
    SORT_KEY,
    /** The index's mapping: a resource in the jar, or JSON. */
    MAPPING,
    /** The indexes with their mappings and projections: a resource in the jar, or JSON. */
    TARGETS,
    /** {@link TtlDeletes}, in lower case. */
    TTL_DELETES,
    /** An attribute with the time of the write, for lag in milliseconds. */
    LAG_ATTRIBUTE,
    /** ARN of the table: records of other tables are refused. Capture and replay need it. */
    TABLE_ARN,
    /** ARN of the Kinesis stream that the table's changes go to, if one delivers them. */
    KINESIS_STREAM_ARN,

    /** {@link KinesisSource#since}, like {@code 2026-11-01T00:00:00.000}. */
    KINESIS_SINCE,

    /** URL of the dead-letter queue; for capture and replay. */
    DEAD_LETTER_QUEUE_URL,
    /** {@code true} or {@code false}: whether capture writes the records once more first. */
    SECOND_CHANCE,
    /** The mapping's filter patterns, a JSON array of objects; for capture and replay. */
    FILTER_PATTERNS,
    /** The replication function's log group: capture asks it why records failed. */
    REPLICATION_LOG_GROUP,
    /** Name of the table of runs; for backfill and verification. */
    RUN_TABLE,
    /** URL of the queue of segments; for backfill and verification. */
    SEGMENT_QUEUE_URL,
    /** How many segments Lambda has worked on at once at most; for backfill and verification. */
    MAXIMUM_CONCURRENCY,
    /** ARN of the table's stream that the worker reads; without it the worker reads Kinesis. */
    STREAM_ARN,
    /** URL of the queue for messages about records that the worker gives up. */
    FAILURE_QUEUE_URL,
    /** The name of the workers that share the stream, and of their tables. */
    WORKER_NAME,
    /**
     * How many changes of a shard the worker writes at a time; changes of an item stay in order.
     */
    WORKER_LANES,
    /** How many waiting records of a lane the worker writes in one request at most. */
    WORKER_BATCH_SIZE,
    /** How often the worker tries a failed record again. */
    WORKER_RETRIES,
    /** For how many seconds the worker tries to reach the engine in one attempt. */
    WORKER_ATTEMPT_SECONDS,
    /** The port of the worker's health and metrics; 0 for any. */
    WORKER_PORT;

    static final String PREFIX = "UTSUSHI_";

    /** Returns the variable's name. */
    public String variable() {
      return PREFIX + name();
    }
  }

  /** How the function authenticates to the engine. */
  public enum SearchAuth {
    /** AWS Signature Version 4 with the function's role. */
    SIGV4,
    /** User name and password from a secret. */
    BASIC,
    /** An Elasticsearch API key from a secret. */
    APIKEY,
    /** Not at all. */
    NONE
  }

  /**
   * The settings of capture and replay.
   *
   * @param replication what they share with the replication
   * @param tableArn the table that the dead letters come from
   * @param queueUrl the dead-letter queue
   * @param secondChance whether capture writes the records once more first
   * @param filterPatterns the filters of the event source mapping; without any, every record
   *     matches
   * @param replicationLogGroup the log that says why records failed; null if it can't be asked
   */
  public record DeadLetterSettings(
      Settings replication,
      String tableArn,
      String queueUrl,
      boolean secondChance,
      List<String> filterPatterns,
      @Nullable String replicationLogGroup) {

    /** Returns the ARNs of the streams' owners: the table, and a Kinesis stream if there is one. */
    public Set<String> sources() {
      var kinesis = replication.kinesis();
      return KinesisSource.sources(tableArn, kinesis == null ? null : kinesis.streamArn());
    }
  }

  /**
   * The settings of backfill and verification.
   *
   * @param replication what they share with the replication
   * @param tableArn the table to read
   * @param filterPatterns as of capture and replay
   * @param runTable name of the table of runs
   * @param queueUrl the queue of segments
   * @param maximumConcurrency how many segments are worked on at once at most
   */
  public record RunSettings(
      Settings replication,
      String tableArn,
      List<String> filterPatterns,
      String runTable,
      String queueUrl,
      int maximumConcurrency) {}

  /**
   * The settings of the worker.
   *
   * @param replication what it shares with the function
   * @param streamArn the stream of the table, or the Kinesis stream, that it reads
   * @param failureQueueUrl receives messages about records that it gives up
   * @param name of the workers that share the stream, and of their tables; null for one that says
   *     what they copy
   * @param filterPatterns which records it writes; without any, all
   * @param lanes how many changes of a shard it writes at a time
   * @param batchSize how many records it writes in one request at most
   * @param retries how often it tries a failed record again
   * @param attempt how long it tries to reach the engine each time
   * @param port of its health and metrics; 0 for any
   */
  public record WorkerSettings(
      Settings replication,
      String streamArn,
      String failureQueueUrl,
      @Nullable String name,
      List<String> filterPatterns,
      int lanes,
      int batchSize,
      int retries,
      Duration attempt,
      int port) {

    /** Returns whether it reads a Kinesis stream. */
    public boolean readsKinesis() {
      return KinesisSource.isKinesis(streamArn);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws SettingsException with every problem
   */
  public static Settings read(Map<String, String> environment) {
    return new SettingsReader(environment).settings();
  }

  /**
   * Reads the settings of a function that a Kinesis stream invokes.
   *
   * @throws SettingsException with every problem
   */
  public static Settings readKinesis(Map<String, String> environment) {
    return new SettingsReader(environment).kinesisSettings();
  }

  /**
   * Reads the settings of capture and replay.
   *
   * @throws SettingsException with every problem
   */
  public static DeadLetterSettings readDeadLetters(Map<String, String> environment) {
    return new SettingsReader(environment).deadLetterSettings();
  }

  /**
   * Reads the settings of backfill and verification.
   *
   * @throws SettingsException with every problem
   */
  public static RunSettings readRuns(Map<String, String> environment) {
    return new SettingsReader(environment).runSettings();
  }

  /**
   * Reads the settings of the worker.
   *
   * @throws SettingsException with every problem
   */
  public static WorkerSettings readWorker(Map<String, String> environment) {
    return new SettingsReader(environment).workerSettings();
  }

  /**
   * Returns the patterns in the variable of the filter patterns.
   *
   * @param variable its value; null without one
   * @throws IllegalArgumentException if it is no JSON array of objects
   */
  public static List<String> filterPatterns(@Nullable String variable) {
    List<String> patterns = new ArrayList<>();
    try {
      JsonNode array = new ObjectMapper().readTree(variable == null ? "[]" : variable);
      array.forEach(pattern -> patterns.add(pattern.isObject() ? pattern.toString() : ""));
      if (array.isArray() && !patterns.contains("")) {
        return patterns;
      }
    } catch (JsonProcessingException e) {
      // The same problem; the parser would quote the text.
    }
    throw new IllegalArgumentException("must be a JSON array of filter patterns");
  }
}
