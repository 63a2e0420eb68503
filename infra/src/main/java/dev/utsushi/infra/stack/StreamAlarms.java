package dev.utsushi.infra.stack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** Tells when one stream needs somebody. */
final class StreamAlarms extends Construct {
  /** Nearly all dead letters hold their records; one that does not is lost after 24 hours. */
  private static final Duration OLDEST_DEAD_LETTER = Duration.ofHours(4);

  /** How long a message may wait for a capture that takes it in seconds. */
  static final Duration CAPTURE_PATIENCE = Duration.ofMinutes(15);

  private static final double NEAR_TIMEOUT = 0.8;

  private final Optional<ITopic> topic;
  private final String index;

  private StreamAlarms(StreamReplication stream, Optional<ITopic> topic) {
    super(stream, "Alarms");
    this.topic = topic;
    this.index = stream.settings().index();
  }

  static void watch(StreamReplication stream, Optional<ITopic> topic) {
    new StreamAlarms(stream, topic).watchAll(stream, new StreamMetrics(stream));
  }

  private void watchAll(StreamReplication stream, StreamMetrics metrics) {
    Stream.of(
            behind(stream, metrics),
            failing(stream, metrics),
            givenUp(metrics),
            uncaptured(stream, metrics))
        .flatMap(List::stream)
        .forEach(this::alarm);
  }

  private static List<Watch> behind(StreamReplication stream, StreamMetrics metrics) {
    return List.of(
        new Watch(
            "IteratorAge",
            metrics.iteratorAge(),
            stream.settings().iteratorAgeAlarm().toMillis(),
            3,
            "falls behind its table: raise the factor, or see what fails"),
        Watch.any(
            "Throttles",
            metrics.throttles(),
            "finds no concurrency left: see the account's limit and the reservations"));
  }

  private static List<Watch> failing(StreamReplication stream, StreamMetrics metrics) {
    long timeoutMillis = stream.settings().running().timeout().toMillis();
    return List.of(
        Watch.any("Errors", metrics.errors(), "crashes or times out: see its log"),
        new Watch(
            "Duration",
            metrics.longestInvocation(),
            Math.round(timeoutMillis * NEAR_TIMEOUT),
            1,
            "comes near its time-out: the engine is slow or away"));
  }

  private static List<Watch> givenUp(StreamMetrics metrics) {
    return List.of(
        Watch.any(
            "DeadLetters",
            metrics.deadLetters(),
            "gave up on changes: mend the cause, then replay the dead-letter queue"),
        new Watch(
            "DeadLetterAge",
            metrics.deadLetterAge(),
            OLDEST_DEAD_LETTER.toSeconds(),
            1,
            "has had dead letters for hours: they are gone after 14 days, and one that holds no"
                + " record after 24 hours"),
        Watch.any(
            "DroppedEvents",
            metrics.dropped(),
            "lost changes, and no queue has them: write these items again"));
  }

  private static List<Watch> uncaptured(StreamReplication stream, StreamMetrics metrics) {
    Duration delay = stream.settings().secondChance().orElse(Duration.ZERO);
    return List.of(
        new Watch(
            "FailureAge",
            metrics.failureAge(),
            delay.plus(CAPTURE_PATIENCE).toSeconds(),
            1,
            "has failures that nothing captures: see the capture function's log within 24 hours"),
        Watch.any(
            "CaptureErrors",
            metrics.captureErrors(),
            "has a capture that crashes or times out: see its log within 24 hours"));
  }

  /**
   * An alarm to be.
   *
   * @param minutes how many in a row it takes
   * @param what is up with the copy, and what to do
   */
  private record Watch(String id, Metric metric, long threshold, int minutes, String what) {
    /** At the first one. */
    static Watch any(String id, Metric metric, String what) {
      return new Watch(id, metric, 1, 1, what);
    }
  }

  private void alarm(Watch watch) {
    Alarm alarm =
        Alarm.Builder.create(this, watch.id())
            .alarmDescription("Utsushi: " + index + ' ' + watch.what() + '.')
            .metric(watch.metric())
            .threshold(watch.threshold())
            .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
            .evaluationPeriods(watch.minutes())
            // A table that nobody writes to has no metrics.
            .treatMissingData(TreatMissingData.NOT_BREACHING)
            .build();
    topic.ifPresent(it -> alarm.addAlarmAction(new SnsAction(it)));
    topic.ifPresent(it -> alarm.addOkAction(new SnsAction(it)));
  }
}
