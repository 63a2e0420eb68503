package dev.utsushi.construct;

import dev.utsushi.core.projection.TargetsReader;
import dev.utsushi.core.settings.Settings.Setting;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.sns.ITopic;

/**
 * What a {@link Replication} copies, where to, and how. {@link #of} takes what is required; every
 * other method sets an option and returns the same object.
 *
 * <p>docs/settings.md of the project describes each option, since the settings file has the same.
 */
public final class ReplicationProps {
  final String index;
  final ITable table;
  final SearchTarget search;
  private final Map<Setting, String> variables = new EnumMap<>(Setting.class);
  private final Map<ReplicationAlarm, OptionalLong> alarms = new EnumMap<>(ReplicationAlarm.class);

  @Nullable String mapping;
  @Nullable String targets;
  List<String> indexes;
  List<String> layers = List.of();
  @Nullable String certificateAuthorities;
  int batchSize = 1;
  Duration batchingWindow = Duration.seconds(0);
  int parallelizationFactor = 1;
  int maximumRetryAttempts = 3;
  @Nullable Duration maximumRecordAge;
  boolean bisectBatchOnError;
  boolean reportsBatchItemFailures;
  StartingPosition startingPosition = StartingPosition.TRIM_HORIZON;
  List<String> filterPatterns = List.of();
  boolean enabled = true;
  int memoryMib = 1769;
  Duration timeout = Duration.seconds(30);
  Architecture architecture = Architecture.ARM_64;
  @Nullable Integer reservedConcurrency;
  @Nullable Duration secondChance;
  int backfillMaximumConcurrency = 5;
  @Nullable String verifySchedule;
  boolean reindex;
  boolean verifyRepair;
  double verifySample = 1;
  int verifyReadCapacity;
  @Nullable String purgeSchedule;
  int logRetentionDays = 30;
  Optional<FunctionNetwork> network = Optional.empty();
  Optional<IKey> key = Optional.empty();
  Optional<ITopic> alarmTopic = Optional.empty();
  @Nullable Path functionJar;
  Optional<IStream> kinesis = Optional.empty();
  boolean alsoDynamoDbStream;
  boolean enhancedFanOut;
  Optional<WorkerProps> worker = Optional.empty();

  private ReplicationProps(String index, ITable table, SearchTarget search) {
    this.index = index;
    indexes = List.of(index);
    this.table = table;
    this.search = search;
  }

  /**
   * Returns the properties of a replication with the default options.
   *
   * @param index the alias that readers search
   * @param table a table whose stream has new images; an imported one needs the ARN of its stream,
   *     and its {@code encryptionKey} if it is encrypted with a customer managed key
   * @param partitionKey the name of the table's partition key
   * @param search the cluster that holds the index
   */
  public static ReplicationProps of(
      String index, ITable table, String partitionKey, SearchTarget search) {
    ReplicationProps props = new ReplicationProps(index, table, search);
    props.variables.put(Setting.INDEX, index);
    props.variables.put(Setting.PARTITION_KEY, partitionKey);
    return props.keepExpired(false);
  }

  /** Names the table's sort key. Without it, the table has none. */
  public ReplicationProps sortKey(String name) {
    return set(Setting.SORT_KEY, name);
  }

  /**
   * Sets the mapping of the index.
   *
   * @param mapping JSON of any size, which travels with the function's code, or the name of a
   *     resource in the function's jar
   */
  public ReplicationProps mapping(String mapping) {
    boolean json = mapping.stripLeading().startsWith("{");
    this.mapping = json ? mapping : null;
    return set(Setting.MAPPING, json ? FunctionCode.MAPPING : mapping);
  }

  /**
   * Copies the table to several indexes, or a part of it to one.
   *
   * @param json an array of the targets as in the settings file, the index of these properties
   *     first, each with its mapping as JSON or as the name of a resource in the function's jar
   */
  public ReplicationProps targets(String json) {
    TargetsReader reader = new TargetsReader(keys());
    reader.read(json).stream()
        .findFirst()
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(
                  "targets" + problem.pointer() + ' ' + problem.what());
            });
    indexes = reader.targets().stream().map(target -> target.index().reader()).toList();
    if (!indexes.getFirst().equals(index)) {
      throw new IllegalArgumentException("the first of the targets must be " + index);
    }
    layers = reader.layers();
    targets = json;
    return set(Setting.TARGETS, FunctionCode.TARGETS);
  }

  private List<String> keys() {
    return Stream.of(Setting.PARTITION_KEY, Setting.SORT_KEY)
        .filter(variables::containsKey)
        .map(key -> variables.getOrDefault(key, ""))
        .toList();
  }

  /** Trusts certificate authorities beside the JDK's when it connects to the engine. */
  public ReplicationProps certificateAuthorities(String pem) {
    certificateAuthorities = pem;
    return set(Setting.SEARCH_CA, FunctionCode.AUTHORITIES);
  }

  /**
   * Reads the table's changes from a Kinesis stream in place of the table's own stream. The table's
   * streaming destination must have the precision MICROSECOND.
   *
   * @param since the time in UTC since which the table sends its changes there, like {@code
   *     2026-11-01T00:00:00.000}; later than the table's own stream was enabled
   */
  public ReplicationProps kinesis(IStream stream, String since) {
    kinesis = Optional.of(stream);
    set(Setting.KINESIS_STREAM_ARN, stream.getStreamArn());
    return set(Setting.KINESIS_SINCE, since);
  }

  /** Reads the table's own stream as well: while a replication moves to Kinesis. */
  public ReplicationProps alsoDynamoDbStream(boolean both) {
    alsoDynamoDbStream = both;
    return this;
  }

  /** Sets whether the function has the Kinesis stream's throughput to itself. */
  public ReplicationProps enhancedFanOut(boolean own) {
    enhancedFanOut = own;
    return this;
  }

  /**
   * Lets workers on Fargate read the stream in place of a function. The options of an event source
   * mapping have no effect then, but for filter patterns and retries, which must not be endless.
   */
  public ReplicationProps worker(WorkerProps workers) {
    worker = Optional.of(workers);
    return this;
  }

  /** Sets the largest number of records in an invocation, 1 to 10,000. */
  public ReplicationProps batchSize(int records) {
    batchSize = within("batchSize", records, 1, 10_000);
    return this;
  }

  /** Sets how long a batch may take to fill, up to 5 minutes. */
  public ReplicationProps batchingWindow(Duration window) {
    batchingWindow = window;
    return this;
  }

  /** Sets the number of concurrent invocations per shard, 1 to 10. */
  public ReplicationProps parallelizationFactor(int factor) {
    parallelizationFactor = within("parallelizationFactor", factor, 1, 10);
    return this;
  }

  /** Sets the number of retries of a failed batch; -1 retries until the records expire. */
  public ReplicationProps maximumRetryAttempts(int retries) {
    maximumRetryAttempts = within("maximumRetryAttempts", retries, -1, 10_000);
    return this;
  }

  /** Sets the age of a record from which it is not retried, a minute to a week. */
  public ReplicationProps maximumRecordAge(Duration age) {
    maximumRecordAge = age;
    return this;
  }

  /** Sets whether Lambda splits a failed batch in two before it retries. */
  public ReplicationProps bisectBatchOnError(boolean bisect) {
    bisectBatchOnError = bisect;
    return this;
  }

  /**
   * Sets whether a {@link FunctionConsumer} names the records of a batch that it failed on, as <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">{@code
   * batchItemFailures}</a>. Without it, Lambda ignores them in its reply. The functions of {@link
   * Replication} always do.
   */
  public ReplicationProps reportsBatchItemFailures(boolean reports) {
    reportsBatchItemFailures = reports;
    return this;
  }

  /** Sets where a new event source mapping starts. Changing it later replaces the mapping. */
  public ReplicationProps startingPosition(StartingPosition position) {
    startingPosition = position;
    return this;
  }

  /** Sets Lambda's event filter patterns, each as JSON. A record that matches none is left out. */
  public ReplicationProps filterPatterns(List<String> patterns) {
    filterPatterns = List.copyOf(patterns);
    return this;
  }

  /** Sets whether the stream is read. If not, changes wait in it for up to 24 hours. */
  public ReplicationProps enabled(boolean read) {
    enabled = read;
    return this;
  }

  /** Sets the memory of the functions but for runs. 1,769 MiB give one a full vCPU. */
  public ReplicationProps memoryMib(int mebibytes) {
    memoryMib = mebibytes;
    return this;
  }

  /** Sets the largest duration of an invocation. */
  public ReplicationProps timeout(Duration duration) {
    timeout = duration;
    return this;
  }

  /** Sets the instruction set of the functions. */
  public ReplicationProps architecture(Architecture instructions) {
    architecture = instructions;
    return this;
  }

  /** Reserves concurrency for the replication; at least shards × parallelization factor. */
  public ReplicationProps reservedConcurrency(int invocations) {
    reservedConcurrency = invocations;
    return this;
  }

  /** Sets whether an item that expires by Time to Live stays in the index. */
  public ReplicationProps keepExpired(boolean keep) {
    return set(Setting.TTL_DELETES, keep ? "keep" : "delete");
  }

  /**
   * Sets whether {@code utsushi reindex} may change aliases. Its request can name any index of the
   * domain, so allow it only while you rebuild.
   */
  public ReplicationProps reindex(boolean allowed) {
    reindex = allowed;
    return this;
  }

  /** Names the attribute with the time of the write, in epoch milliseconds or ISO 8601. */
  public ReplicationProps lagAttribute(String name) {
    return set(Setting.LAG_ATTRIBUTE, name);
  }

  /** Lets capture write a failed change once more, after this delay of up to 15 minutes. */
  public ReplicationProps secondChance(Duration delay) {
    secondChance = delay;
    return this;
  }

  /** Sets how many segments backfills and verifications work on at once, 2 to 1,000. */
  public ReplicationProps backfillMaximumConcurrency(int segments) {
    backfillMaximumConcurrency = within("backfillMaximumConcurrency", segments, 2, 1_000);
    return this;
  }

  /** Verifies on a schedule, like {@code rate(1 day)} or {@code cron(0 3 * * ? *)}, in UTC. */
  public ReplicationProps verifySchedule(String expression) {
    verifySchedule = schedule("verifySchedule", expression);
    return this;
  }

  /** Sets whether scheduled verifications repair what differs. */
  public ReplicationProps verifyRepair(boolean repair) {
    verifyRepair = repair;
    return this;
  }

  /** Sets the share of the table that scheduled verifications compare, above 0 and up to 1. */
  public ReplicationProps verifySample(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("verifySample must be above 0 and up to 1, not " + share);
    }
    verifySample = share;
    return this;
  }

  /** Sets the most read capacity units a second of scheduled verifications; 0 for no limit. */
  public ReplicationProps verifyReadCapacity(int units) {
    verifyReadCapacity = within("verifyReadCapacity", units, 0, 1_000_000);
    return this;
  }

  /** Deletes tombstones that are older than 16 days on a schedule, as {@link #verifySchedule}. */
  public ReplicationProps purgeSchedule(String expression) {
    purgeSchedule = schedule("purgeSchedule", expression);
    return this;
  }

  /** Sets how many days CloudWatch keeps the functions' logs. */
  public ReplicationProps logRetentionDays(int days) {
    logRetentionDays = days;
    return this;
  }

  /** Runs the functions that talk to the engine in a VPC. */
  public ReplicationProps network(FunctionNetwork network) {
    this.network = Optional.of(network);
    return this;
  }

  /**
   * Encrypts queues, logs and the table of runs with this key. If it is imported, its policy must
   * let CloudWatch Logs use it.
   */
  public ReplicationProps encryptionKey(IKey key) {
    this.key = Optional.of(key);
    return this;
  }

  /** Lets the alarms notify a topic. */
  public ReplicationProps alarmTopic(ITopic topic) {
    alarmTopic = Optional.of(topic);
    return this;
  }

  /** Sets an alarm's threshold, in the unit that {@link ReplicationAlarm} gives. */
  public ReplicationProps alarmThreshold(ReplicationAlarm alarm, long threshold) {
    alarms.put(alarm, OptionalLong.of(threshold));
    return this;
  }

  /** Leaves an alarm out. */
  public ReplicationProps withoutAlarm(ReplicationAlarm alarm) {
    alarms.put(alarm, OptionalLong.empty());
    return this;
  }

  /** Runs another build of the functions than the one inside this library. */
  public ReplicationProps functionJar(Path jar) {
    functionJar = jar;
    return this;
  }

  /** Returns the variables that all functions of the stream share. */
  Map<Setting, String> variables() {
    return new EnumMap<>(variables);
  }

  String kinesisSince() {
    return variables.getOrDefault(Setting.KINESIS_SINCE, "");
  }

  boolean readsDynamoDbStream() {
    return kinesis.isEmpty() || alsoDynamoDbStream;
  }

  boolean hasSecondChance() {
    return secondChance != null;
  }

  /** Returns the alarm's threshold, or nothing if there is to be no such alarm. */
  OptionalLong threshold(ReplicationAlarm alarm, long otherwise) {
    return alarms.getOrDefault(alarm, OptionalLong.of(otherwise));
  }

  private ReplicationProps set(Setting setting, String value) {
    variables.put(setting, value);
    return this;
  }

  private static String schedule(String name, String expression) {
    RunSchedule.problem(expression)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(name + ' ' + problem);
            });
    return expression;
  }

  static int within(String name, int value, int minimum, int maximum) {
    if (value < minimum || value > maximum) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d, not %d".formatted(name, minimum, maximum, value));
    }
    return value;
  }
}
