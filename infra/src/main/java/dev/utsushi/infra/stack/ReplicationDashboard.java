package dev.utsushi.infra.stack;

import dev.utsushi.core.telemetry.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TextWidget;
import software.amazon.awscdk.services.cloudwatch.YAxisProps;
import software.constructs.Construct;

/** One dashboard for all streams: writes, indexed changes, lag, failures. */
final class ReplicationDashboard extends Construct {
  private static final int THIRD = 8;
  private static final int HEIGHT = 6;
  private static final List<String> WRITES =
      List.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");

  /** Leaves out the factor, so that changing it changes only the event source mapping. */
  private static final String HELP =
      """
      ### %s
      The maximum **concurrency** is *shards × parallelization factor* ([function and \
      trigger](https://console.aws.amazon.com/lambda/home?region=%s#/functions/%s?tab=configure)). \
      *Busy on average* is the concurrency that did work. If concurrency is flat while the iterator \
      age climbs, the maximum is reached: raise the factor.\
      """;

  ReplicationDashboard(Stack stack, String name, List<StreamReplication> streams) {
    super(stack, "Dashboard");
    List<List<IWidget>> rows = new ArrayList<>();
    for (StreamReplication stream : streams) {
      StreamMetrics metrics = new StreamMetrics(stream);
      rows.add(List.of(help(stack, stream)));
      rows.add(List.of(flow(metrics), lag(metrics), iteratorAge(metrics)));
      rows.add(List.of(outcomes(metrics), concurrency(metrics), deadLetters(metrics)));
    }
    Dashboard.Builder.create(this, "Dashboard")
        .dashboardName(name + '-' + stack.getRegion())
        .widgets(rows)
        .build();
  }

  private static IWidget help(Stack stack, StreamReplication stream) {
    return TextWidget.Builder.create()
        .markdown(
            HELP.formatted(
                stream.settings().index(),
                stack.getRegion(),
                stream.replication().function().getFunctionName()))
        .width(3 * THIRD)
        .height(3)
        .build();
  }

  private static IWidget flow(StreamMetrics metrics) {
    Map<String, IMetric> written = new HashMap<>();
    StringBuilder sum = new StringBuilder();
    for (String operation : WRITES) {
      String id = "w" + written.size();
      written.put(id, metrics.written(operation));
      sum.append(sum.isEmpty() ? "" : " + ").append("FILL(").append(id).append(", 0)");
    }
    IMetric requests =
        MathExpression.Builder.create()
            .label("Write requests to the table")
            .expression(sum.toString())
            .usingMetrics(written)
            .period(StreamMetrics.MINUTE)
            .build();
    return graph(
        "Written and indexed, per minute",
        requests,
        metrics.polled(),
        metrics.own(Metric.APPLIED, Stats.SUM),
        metrics.own(Metric.SUPERSEDED, Stats.SUM));
  }

  private static IWidget lag(StreamMetrics metrics) {
    return graph(
        "Lag from write to indexed, ms",
        metrics.own(Metric.LAG, "p50"),
        metrics.own(Metric.LAG, "p90"),
        metrics.own(Metric.LAG, "p99"));
  }

  private static IWidget iteratorAge(StreamMetrics metrics) {
    return graph("Iterator age, ms", metrics.iteratorAge());
  }

  private static IWidget outcomes(StreamMetrics metrics) {
    return graph(
        "Invocations and outcomes, per minute",
        metrics.invocations(),
        metrics.errors(),
        metrics.throttles(),
        metrics.own(Metric.DEFERRED, Stats.SUM),
        metrics.own(Metric.REJECTED, Stats.SUM),
        metrics.own(Metric.UNREADABLE, Stats.SUM),
        metrics.own(Metric.RETRIES, Stats.SUM),
        metrics.own(Metric.OVERFLOWED_ATTRIBUTES, Stats.SUM));
  }

  private static IWidget concurrency(StreamMetrics metrics) {
    IMetric busy =
        MathExpression.Builder.create()
            .label("Busy on average")
            .expression("time / 60000")
            .usingMetrics(Map.of("time", metrics.timeInInvocations()))
            .period(StreamMetrics.MINUTE)
            .build();
    return graph("Concurrency, at most shards × factor", metrics.concurrency(), busy);
  }

  private static IWidget deadLetters(StreamMetrics metrics) {
    return graph(
        "Failures, dead letters, dropped events",
        metrics.deliveredToQueue(),
        metrics.failuresDelayed(),
        metrics.failures(),
        metrics.captureErrors(),
        metrics.deadLetters(),
        metrics.dropped());
  }

  private static IWidget graph(String title, IMetric... metrics) {
    return GraphWidget.Builder.create()
        .title(title)
        .left(List.of(metrics))
        .leftYAxis(YAxisProps.builder().min(0).showUnits(false).build())
        .width(THIRD)
        .height(HEIGHT)
        .build();
  }
}
