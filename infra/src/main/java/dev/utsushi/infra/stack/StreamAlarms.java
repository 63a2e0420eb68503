package dev.utsushi.infra.stack;

import static java.util.Objects.requireNonNullElse;

import dev.utsushi.infra.settings.StreamSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** The alarms of one stream. */
final class StreamAlarms extends Construct {
  /** Nearly all dead letters hold their records; one that does not is lost after 24 hours. */
  private static final Duration OLDEST_DEAD_LETTER = Duration.ofHours(4);

  /** How long a message may wait for capture, which takes it in seconds. */
  static final Duration CAPTURE_PATIENCE = Duration.ofMinutes(15);

  private static final double NEAR_TIMEOUT = 0.8;

  private final String index;
  private final Optional<ITopic> topic;

  StreamAlarms(
      Construct stream, StreamSettings settings, StreamMetrics metrics, Optional<ITopic> topic) {
    super(stream, "Alarms");
    index = settings.index();
    this.topic = topic;
    watchReplication(settings, metrics);
    watchFailures(settings, metrics);
  }

  private void watchReplication(StreamSettings settings, StreamMetrics metrics) {
    alarm(
        "IteratorAge",
        metrics.ofReplication("IteratorAge", Stats.MAXIMUM),
        Duration.ofSeconds(settings.iteratorAgeAlarmSeconds()).toMillis(),
        3,
        "is falling behind its table. Raise the parallelization factor, or find out what fails");
    alarmAtFirst(
        "Throttles",
        metrics.ofReplication("Throttles", Stats.SUM),
        "is throttled. Check the account's concurrency limit and reservedConcurrency");
    alarmAtFirst(
        "Errors",
        metrics.ofReplication("Errors", Stats.SUM),
        "has a replication function that crashes or times out. Check its log");
    alarm(
        "Duration",
        metrics.ofReplication("Duration", Stats.MAXIMUM),
        Math.round(Duration.ofSeconds(settings.timeoutSeconds()).toMillis() * NEAR_TIMEOUT),
        1,
        "has invocations that come close to the timeout. The engine is slow or unavailable");
    watchPolls(metrics);
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
            .expression("IF(FILL(writes, 0) > 0 AND FILL(polled, 0) == 0, 1, 0)")
            .usingMetrics(Map.of("writes", metrics.writes(), "polled", metrics.polled()))
            .period(StreamMetrics.QUARTER)
            .build();
    alarm(
        alarmOn("NothingPolled", unread, 1, "has writes in its table, and nothing reads its stream")
            .evaluationPeriods(8)
            .datapointsToAlarm(2));
  }

  private void watchFailures(StreamSettings settings, StreamMetrics metrics) {
    alarmAtFirst(
        "DeadLetters",
        metrics.ofDeadLetters("ApproximateNumberOfMessagesVisible"),
        "has dead letters. Fix the cause, then run utsushi dlq replay");
    alarm(
        "DeadLetterAge",
        metrics.ofDeadLetters("ApproximateAgeOfOldestMessage"),
        OLDEST_DEAD_LETTER.toSeconds(),
        1,
        "has had dead letters for hours. They expire after 14 days, those without their records"
            + " after 24 hours");
    alarmAtFirst(
        "DroppedEvents",
        metrics.ofMapping("DroppedEventCount"),
        "lost changes that no queue holds. Write these items again");
    alarm(
        "FailureAge",
        metrics.ofFailures("ApproximateAgeOfOldestMessage"),
        requireNonNullElse(settings.secondChanceSeconds(), 0) + CAPTURE_PATIENCE.toSeconds(),
        1,
        "has failures that capture does not process. Check its log within 24 hours");
    alarmAtFirst(
        "CaptureErrors",
        metrics.captureErrors(),
        "has a capture function that crashes or times out. Check its log within 24 hours");
  }

  private void alarmAtFirst(String id, IMetric metric, String what) {
    alarm(id, metric, 1, 1, what);
  }

  /**
   * Creates an alarm.
   *
   * @param minutes how many in a row it takes
   * @param what happens to the copy, and what to do
   */
  private void alarm(String id, IMetric metric, long threshold, int minutes, String what) {
    alarm(alarmOn(id, metric, threshold, what).evaluationPeriods(minutes));
  }

  private Alarm.Builder alarmOn(String id, IMetric metric, long threshold, String what) {
    return Alarm.Builder.create(this, id)
        .alarmDescription(
            "Utsushi: %s %s. Run: ./utsushi %s --stack %s --stream %s"
                .formatted(
                    index,
                    what,
                    id.startsWith("DeadLetter") ? "dlq list" : "status",
                    Stack.of(this).getStackName(),
                    index))
        .metric(metric)
        .threshold(threshold)
        .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
        // A table that nobody writes to has no metrics.
        .treatMissingData(TreatMissingData.NOT_BREACHING);
  }

  private void alarm(Alarm.Builder builder) {
    tell(topic, builder.build());
  }

  static void tell(Optional<ITopic> topic, Alarm alarm) {
    topic.ifPresent(it -> alarm.addAlarmAction(new SnsAction(it)));
    topic.ifPresent(it -> alarm.addOkAction(new SnsAction(it)));
  }
}
