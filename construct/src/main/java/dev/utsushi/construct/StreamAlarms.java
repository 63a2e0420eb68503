package dev.utsushi.construct;

import dev.utsushi.construct.StreamMetrics.FunctionReader;
import dev.utsushi.construct.StreamMetrics.WorkerReader;
import dev.utsushi.core.telemetry.Metric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.constructs.Construct;

/** The alarms of one stream. */
final class StreamAlarms extends Construct {
  static final Duration OLDEST_RECORD = Duration.ofSeconds(10);

  /** Nearly all dead letters hold their records; one that does not is lost after 24 hours. */
  private static final Duration OLDEST_DEAD_LETTER = Duration.ofHours(4);

  /** How long a message may wait for capture, which takes it in seconds. */
  static final Duration CAPTURE_PATIENCE = Duration.ofMinutes(15);

  /** DynamoDB usually takes milliseconds. */
  private static final Duration OLDEST_UNREPLICATED = Duration.ofMinutes(1);

  private static final double NEAR_TIMEOUT = 0.8;

  private final ReplicationProps props;
  private final Map<ReplicationAlarm, Alarm> alarms = new EnumMap<>(ReplicationAlarm.class);

  StreamAlarms(Construct stream, ReplicationProps props, StreamMetrics metrics) {
    super(stream, "Alarms");
    this.props = props;
    watchReplication(metrics);
    watchFailures(metrics);
    if (props.kinesis.isPresent()) {
      watchKinesis(metrics);
    }
    watchRuns(metrics);
  }

  Map<ReplicationAlarm, Alarm> byKind() {
    return Map.copyOf(alarms);
  }

  private void watchReplication(StreamMetrics metrics) {
    alarm(
        ReplicationAlarm.ITERATOR_AGE,
        metrics.iteratorAge(),
        OLDEST_RECORD.toMillis(),
        3,
        "is falling behind its table. "
            + switch (metrics.reader()) {
              case FunctionReader _ -> "Raise the parallelization factor, or find out what fails";
              case WorkerReader _ -> "Read the worker's log to find out what fails, or raise lanes";
            });
    switch (metrics.reader()) {
      case FunctionReader function -> watchFunction(function);
      case WorkerReader _ -> watchWorkers(metrics);
    }
    watchPolls(metrics);
  }

  private void watchFunction(FunctionReader function) {
    alarmAtFirst(
        ReplicationAlarm.THROTTLES,
        function.metric("Throttles", Stats.SUM),
        "is throttled. Check the account's concurrency limit and reservedConcurrency");
    alarmAtFirst(
        ReplicationAlarm.ERRORS,
        function.metric("Errors", Stats.SUM),
        "has a replication function that crashes or times out. Check its log");
    alarm(
        ReplicationAlarm.DURATION,
        function.metric("Duration", Stats.MAXIMUM),
        Math.round(props.timeout.toMilliseconds().longValue() * NEAR_TIMEOUT),
        1,
        "has invocations that come close to the timeout. The engine is slow or unavailable");
    alarmAtFirst(
        ReplicationAlarm.DROPPED_EVENTS,
        function.ofMapping("DroppedEventCount"),
        "lost changes that no queue holds. Write these items again");
  }

  /** Each worker reports once a minute, those that die in their first minute never. */
  private void watchWorkers(StreamMetrics metrics) {
    if (props.enabled) {
      alarm(
          ReplicationAlarm.WORKERS,
          metrics.own(Metric.ITERATOR_AGE, Stats.SAMPLE_COUNT),
          1,
          "has no worker that runs. Check the events of its service and the worker's log",
          alarm ->
              alarm
                  .evaluationPeriods(5)
                  .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                  .treatMissingData(TreatMissingData.BREACHING));
    }
  }

  /**
   * A disabled mapping or a lost permission leaves no trace in the other metrics: the iterator age
   * exists only while the function runs. Two quarters of an hour in two hours, since a single write
   * may be polled in the next one.
   */
  private void watchPolls(StreamMetrics metrics) {
    var unread =
        MathExpression.Builder.create()
            .label("Quarters of an hour with writes and no polled record")
            // A comparison takes what is missing on one side for 0, even if it never was reported.
            .expression("FILL((writes > 0) > (polled > 0), 0)")
            .usingMetrics(
                new TreeMap<>(Map.of("writes", metrics.writes(), "polled", metrics.polled())))
            .period(StreamMetrics.QUARTER)
            .build();
    alarm(
        ReplicationAlarm.NOTHING_POLLED,
        unread,
        1,
        "has writes in its table, and nothing reads its stream",
        alarm -> alarm.evaluationPeriods(8).datapointsToAlarm(2));
  }

  private void watchFailures(StreamMetrics metrics) {
    alarmAtFirst(
        ReplicationAlarm.DEAD_LETTERS,
        metrics.ofDeadLetters("ApproximateNumberOfMessagesVisible"),
        "has dead letters. Fix the cause, then run utsushi dlq replay");
    alarm(
        ReplicationAlarm.DEAD_LETTER_AGE,
        metrics.ofDeadLetters("ApproximateAgeOfOldestMessage"),
        OLDEST_DEAD_LETTER.toSeconds(),
        1,
        "has had dead letters for hours. They expire after 14 days, those without their records"
            + " after 24 hours");
    alarm(
        ReplicationAlarm.FAILURE_AGE,
        metrics.ofFailures("ApproximateAgeOfOldestMessage"),
        CAPTURE_PATIENCE.toSeconds()
            + (props.secondChance == null ? 0 : props.secondChance.toSeconds().longValue()),
        1,
        "has failures that capture does not process. Check its log within 24 hours");
    alarmAtFirst(
        ReplicationAlarm.CAPTURE_ERRORS,
        metrics.captureErrors(),
        "has a capture function that crashes or times out. Check its log within 24 hours");
  }

  private void watchKinesis(StreamMetrics metrics) {
    alarm(
        ReplicationAlarm.UNREPLICATED_AGE,
        metrics.toKinesis("MAX", "AgeOfOldestUnreplicatedRecord"),
        OLDEST_UNREPLICATED.toMillis(),
        3,
        "has changes that DynamoDB has not sent to Kinesis. Check the destination's status and the"
            + " stream's shards");
    alarmAtFirst(
        ReplicationAlarm.NOT_REPLICATED,
        metrics.toKinesis("SUM", "FailedToReplicateRecordCount"),
        "has changes that were too large for Kinesis. Verify and repair");
  }

  private void watchRuns(StreamMetrics metrics) {
    alarmAtFirst(
        ReplicationAlarm.SEGMENT_DEAD_LETTERS,
        metrics.ofSegmentDeadLetters("ApproximateNumberOfMessagesVisible"),
        "has segments of a backfill or verification that fail again and again. Fix the cause that"
            + " the run function's log names, then resume the run");
    if (props.verifySchedule != null) {
      alarm(
          ReplicationAlarm.DRIFT,
          metrics.own(Metric.DRIFT, Stats.MAXIMUM),
          1,
          "differs from its table. Compare again and repair",
          // The metric has values only when verifications end: until the next, the state stands.
          alarm -> alarm.evaluationPeriods(1).treatMissingData(TreatMissingData.IGNORE));
    }
  }

  private void alarmAtFirst(ReplicationAlarm kind, IMetric metric, String what) {
    alarm(kind, metric, 1, 1, what);
  }

  /**
   * Creates an alarm, unless it is switched off.
   *
   * @param minutes how many in a row it takes
   * @param what happens to the copy, and what to do
   */
  private void alarm(
      ReplicationAlarm kind, IMetric metric, long threshold, int minutes, String what) {
    alarm(kind, metric, threshold, what, alarm -> alarm.evaluationPeriods(minutes));
  }

  private void alarm(
      ReplicationAlarm kind,
      IMetric metric,
      long threshold,
      String what,
      Consumer<Alarm.Builder> periods) {
    OptionalLong limit = props.threshold(kind, threshold);
    if (limit.isEmpty()) {
      return;
    }
    Alarm.Builder builder =
        Alarm.Builder.create(this, kind.id())
            .alarmDescription(description(kind, what))
            .metric(metric)
            .threshold(limit.getAsLong())
            .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
            // A table that nobody writes to has no metrics.
            .treatMissingData(TreatMissingData.NOT_BREACHING);
    periods.accept(builder);
    Alarm alarm = builder.build();
    props.alarmTopic.map(SnsAction::new).ifPresent(alarm::addAlarmAction);
    props.alarmTopic.map(SnsAction::new).ifPresent(alarm::addOkAction);
    alarms.put(kind, alarm);
  }

  private static String command(ReplicationAlarm kind) {
    return switch (kind) {
      case DEAD_LETTERS, DEAD_LETTER_AGE -> "dlq list";
      case DRIFT, NOT_REPLICATED -> "verify --repair";
      case ITERATOR_AGE,
          THROTTLES,
          ERRORS,
          DURATION,
          NOTHING_POLLED,
          DROPPED_EVENTS,
          FAILURE_AGE,
          CAPTURE_ERRORS,
          SEGMENT_DEAD_LETTERS,
          WORKERS,
          UNREPLICATED_AGE ->
          "status";
    };
  }

  private String description(ReplicationAlarm kind, String what) {
    return "Utsushi: %s %s. Run: ./utsushi %s --stack %s --stream %s"
        .formatted(props.index, what, command(kind), Stack.of(this).getStackName(), props.index);
  }
}
