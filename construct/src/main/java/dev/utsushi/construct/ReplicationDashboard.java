package dev.utsushi.construct;

import dev.utsushi.construct.StreamMetrics.FunctionReader;
import dev.utsushi.construct.StreamMetrics.WorkerReader;
import dev.utsushi.core.telemetry.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.cloudwatch.TextWidget;
import software.amazon.awscdk.services.cloudwatch.YAxisProps;
import software.constructs.Construct;

/** One dashboard for several replications: writes, indexed changes, lag, failures. */
public final class ReplicationDashboard extends Construct {
  private static final int THIRD = 8;
  private static final int HEIGHT = 6;
  private static final List<String> WRITES =
      List.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");

  /** Leaves out the factor, so that changing it changes only the event source mapping. */
  private static final String HELP =
      """
      ### %s
      The maximum **concurrency** is *shards × parallelization factor* (%s). \
      *Busy on average* is the concurrency that did work. If concurrency is flat while the iterator \
      age climbs, the maximum is reached: raise the factor.\
      """;

  private static final String HELP_OF_WORKERS =
      """
      ### %s
      Workers (service %s) write up to *shards × lanes* changes at a time. If the iterator age climbs \
      while their CPU is busy, the service adds workers, up to `maximum`. If it is not, the engine is \
      what they wait for.\
      """;

  /**
   * Creates the dashboard.
   *
   * @param name the dashboard's name; the region follows it
   */
  public ReplicationDashboard(
      Construct scope, String id, String name, List<Replication> replications) {
    super(scope, id);
    String region = Stack.of(this).getRegion();
    List<List<IWidget>> rows = new ArrayList<>();
    for (Replication replication : replications) {
      StreamMetrics metrics = replication.getMetrics();
      rows.add(List.of(help(region, metrics)));
      rows.add(changes(metrics));
      rows.add(work(metrics));
      if (replication.getIndexes().size() > 1) {
        rows.add(indexes(metrics, replication.getIndexes()));
      }
      if (metrics.kinesisStream() != null) {
        rows.add(kinesis(metrics));
      }
    }
    Dashboard.Builder.create(this, "Dashboard")
        .dashboardName(name + '-' + region)
        .widgets(rows)
        .build();
  }

  private static IWidget help(String region, StreamMetrics metrics) {
    return TextWidget.Builder.create()
        .markdown(
            switch (metrics.reader()) {
              case FunctionReader(String name, _) ->
                  HELP.formatted(metrics.index(), function(region, name));
              case WorkerReader(var service) ->
                  HELP_OF_WORKERS.formatted(metrics.index(), service.getServiceName());
            })
        .width(3 * THIRD)
        .height(3)
        .build();
  }

  /** A stack without a region doesn't know its partition, and with it the console's address. */
  private static String function(String region, String name) {
    if (Token.isUnresolved(region)) {
      return "function " + name;
    }
    return "[function and trigger](https://%s/lambda/home?region=%s#/functions/%s?tab=configure)"
        .formatted(console(region), region, name);
  }

  private static String console(String region) {
    if (region.startsWith("cn-")) {
      return "console.amazonaws.cn";
    }
    return region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
  }

  private static List<IWidget> changes(StreamMetrics metrics) {
    return List.of(
        graph(
            "Written and indexed, per minute",
            written(metrics),
            switch (metrics.reader()) {
              case FunctionReader function -> function.ofMapping("PolledEventCount");
              case WorkerReader _ -> metrics.own(Metric.SETTLED, Stats.SUM);
            },
            metrics.own(Metric.APPLIED, Stats.SUM),
            metrics.own(Metric.SUPERSEDED, Stats.SUM)),
        graph(
            "Lag from write to indexed, ms",
            metrics.own(Metric.LAG, "p50"),
            metrics.own(Metric.LAG, "p90"),
            metrics.own(Metric.LAG, "p99")),
        graph("Iterator age, ms", metrics.iteratorAge()));
  }

  private static IMetric written(StreamMetrics metrics) {
    Map<String, IMetric> written = new HashMap<>();
    WRITES.forEach(write -> written.put("w" + written.size(), metrics.written(write)));
    String sum =
        IntStream.range(0, WRITES.size())
            .mapToObj("FILL(w%d, 0)"::formatted)
            .collect(Collectors.joining(" + "));
    return expression("Write requests to the table", sum, written);
  }

  private static List<IWidget> work(StreamMetrics metrics) {
    return switch (metrics.reader()) {
      case FunctionReader function -> work(metrics, function);
      case WorkerReader workers -> work(metrics, workers);
    };
  }

  private static List<IWidget> work(StreamMetrics metrics, FunctionReader function) {
    IMetric time = function.metric("Duration", Stats.SUM);
    return List.of(
        graph(
            "Invocations and outcomes, per minute",
            Stream.concat(
                Stream.of("Invocations", "Errors", "Throttles")
                    .map(name -> function.metric(name, Stats.SUM)),
                outcomes(metrics))),
        graph(
            "Concurrency, at most shards × factor",
            function.metric("ConcurrentExecutions", Stats.MAXIMUM),
            expression("Busy on average", "time / 60000", Map.of("time", time))),
        graph(
            "Failures, dead letters, dropped events",
            Stream.of(
                    Stream.of(function.ofMapping("OnFailureDestinationDeliveredEventCount")),
                    failures(metrics),
                    Stream.of(function.ofMapping("DroppedEventCount")))
                .flatMap(it -> it)));
  }

  private static List<IWidget> work(StreamMetrics metrics, WorkerReader workers) {
    return List.of(
        graph("Outcomes, per minute", outcomes(metrics)),
        graph(
            "Workers, and what they use, %",
            expression(
                "Workers",
                "reports",
                Map.of("reports", metrics.own(Metric.ITERATOR_AGE, Stats.SAMPLE_COUNT))),
            workers.cpu(Stats.MAXIMUM),
            workers.memory(Stats.MAXIMUM)),
        graph("Failures, dead letters", failures(metrics)));
  }

  private static Stream<IMetric> outcomes(StreamMetrics metrics) {
    return Stream.of(
            Metric.DEFERRED,
            Metric.REJECTED,
            Metric.UNREADABLE,
            Metric.RETRIES,
            Metric.OVERFLOWED_ATTRIBUTES)
        .map(metric -> metrics.own(metric, Stats.SUM));
  }

  private static Stream<IMetric> failures(StreamMetrics metrics) {
    return Stream.of(
        metrics.ofFailures("ApproximateNumberOfMessagesDelayed"),
        metrics.ofFailures("ApproximateNumberOfMessagesVisible"),
        metrics.captureErrors(),
        metrics.ofDeadLetters("ApproximateNumberOfMessagesVisible"));
  }

  /** The stream's own graphs count changes, of which each may write to several indexes. */
  private static List<IWidget> indexes(StreamMetrics metrics, List<String> indexes) {
    return List.of(
        graph("Documents written, by index", metrics, Metric.DOCUMENTS, indexes),
        graph("Tombstones written, by index", metrics, Metric.TOMBSTONES, indexes),
        graph("Writes that failed, by index", metrics, Metric.FAILED_WRITES, indexes));
  }

  private static IWidget graph(
      String title, StreamMetrics metrics, Metric metric, List<String> indexes) {
    return graph(title, indexes.stream().map(index -> metrics.ofIndex(index, metric)));
  }

  private static List<IWidget> kinesis(StreamMetrics metrics) {
    return List.of(
        graph(
            "Kinesis: records in and out, per minute",
            metrics.ofKinesis("IncomingRecords", Stats.SUM),
            metrics.ofKinesis("GetRecords.Records", Stats.SUM)),
        graph(
            "Kinesis: age of what is not sent or not read, ms",
            metrics.toKinesis("MAX", "AgeOfOldestUnreplicatedRecord"),
            metrics.ofKinesis("GetRecords.IteratorAgeMilliseconds", Stats.MAXIMUM)),
        graph(
            "Kinesis: throttled and too large",
            metrics.ofKinesis("WriteProvisionedThroughputExceeded", Stats.SUM),
            metrics.ofKinesis("ReadProvisionedThroughputExceeded", Stats.SUM),
            metrics.toKinesis("SUM", "FailedToReplicateRecordCount")));
  }

  private static IMetric expression(String label, String expression, Map<String, IMetric> metrics) {
    return MathExpression.Builder.create()
        .label(label)
        .expression(expression)
        .usingMetrics(metrics)
        .period(StreamMetrics.MINUTE)
        .build();
  }

  private static IWidget graph(String title, IMetric... metrics) {
    return graph(title, Stream.of(metrics));
  }

  private static IWidget graph(String title, Stream<IMetric> metrics) {
    return GraphWidget.Builder.create()
        .title(title)
        .left(metrics.toList())
        .leftYAxis(YAxisProps.builder().min(0).showUnits(false).build())
        .width(THIRD)
        .height(HEIGHT)
        .build();
  }
}
