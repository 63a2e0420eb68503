package dev.utsushi.construct;

import dev.utsushi.construct.StreamMetrics.WorkerReader;
import dev.utsushi.core.telemetry.Metric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.applicationautoscaling.BasicStepScalingPolicyProps;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.applicationautoscaling.ScalingInterval;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.ecs.ScalableTaskCount;
import software.constructs.Construct;

/**
 * More workers while a stream is behind and a worker has no CPU left, fewer when it is not and one
 * less would do. Lanes are of a shard, wherever it is read: what another worker adds is CPU.
 */
final class WorkerScaling extends Construct {
  private static final int BUSY_PERCENT = 60;

  /** Of two workers, the one that stays has half of its CPU left. */
  private static final int IDLE_PERCENT = 25;

  private static final long IN_TIME_MILLIS = 1_000;
  private static final int MINUTES_BEHIND = 2;
  private static final int MINUTES_IDLE = 15;

  WorkerScaling(Construct scope, ReplicationProps props, WorkerProps worker, WorkerReader workers) {
    super(scope, "Scaling");
    ScalableTaskCount count =
        workers
            .service()
            .autoScaleTaskCount(
                EnableScalingProps.builder()
                    .minCapacity(worker.minimum)
                    .maxCapacity(worker.maximum)
                    .build());
    long behind =
        props
            .threshold(ReplicationAlarm.ITERATOR_AGE, StreamAlarms.OLDEST_RECORD.toMillis())
            .orElse(StreamAlarms.OLDEST_RECORD.toMillis());
    IMetric age =
        StreamMetrics.own(
            Stack.of(this).getStackName(),
            props.index,
            Metric.ITERATOR_AGE,
            Stats.MAXIMUM,
            StreamMetrics.MINUTE);
    count.scaleOnMetric(
        "Behind",
        policy(
            expression(
                "Iterator age while a worker is busy, ms",
                "IF(cpu > %d, age, 0)".formatted(BUSY_PERCENT),
                age,
                workers.cpu(Stats.MAXIMUM)),
            MINUTES_BEHIND,
            ScalingInterval.builder().lower(behind).change(1).build(),
            ScalingInterval.builder().lower(behind * 6).change(2).build()));
    count.scaleOnMetric(
        "Idle",
        policy(
            expression(
                "CPU while the stream is not behind, %",
                "IF(age < %d, cpu, 100)".formatted(IN_TIME_MILLIS),
                age,
                workers.cpu(Stats.AVERAGE)),
            MINUTES_IDLE,
            ScalingInterval.builder().upper(IDLE_PERCENT / 2.0).change(-1).build(),
            ScalingInterval.builder().upper(IDLE_PERCENT).change(-1).build()));
  }

  private static BasicStepScalingPolicyProps policy(
      IMetric metric, int minutes, ScalingInterval... steps) {
    return BasicStepScalingPolicyProps.builder()
        .metric(metric)
        .scalingSteps(List.of(steps))
        .evaluationPeriods(minutes)
        // A worker that was added has taken its leases by then.
        .cooldown(Duration.minutes(3))
        .build();
  }

  private static IMetric expression(String label, String expression, IMetric age, IMetric cpu) {
    return MathExpression.Builder.create()
        .label(label)
        .expression(expression)
        .usingMetrics(new TreeMap<>(Map.of("age", age, "cpu", cpu)))
        .period(StreamMetrics.MINUTE)
        .build();
  }
}
