package dev.utsushi.construct;

import dev.utsushi.core.telemetry.Metric;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.ecs.FargateService;

/**
 * One stream's metrics, per minute where nothing else is said: Lambda's, the queues', DynamoDB's
 * and the function's own.
 *
 * @param stack the stack's name; with the index, what the function reports by
 * @param index the stream's index
 * @param table the name of the table
 * @param capture the name of the function
 * @param failures the name of the queue
 * @param deadLetters the name of the queue
 * @param segmentDeadLetters the name of the queue
 * @param reader what reads the stream
 * @param kinesisStream the name of the Kinesis stream; null for none
 */
public record StreamMetrics(
    String stack,
    String index,
    String table,
    String capture,
    String failures,
    String deadLetters,
    String segmentDeadLetters,
    Reader reader,
    @Nullable String kinesisStream) {

  /** What reads a stream. */
  public sealed interface Reader {}

  /**
   * A function.
   *
   * @param function its name
   * @param mapping the ID of its event source mapping
   */
  public record FunctionReader(String function, String mapping) implements Reader {
    /** Returns a metric of the function. */
    public IMetric metric(String name, String statistic) {
      return StreamMetrics.metric("AWS/Lambda", name, Map.of("FunctionName", function), statistic);
    }

    /** Returns a metric of the event source mapping. */
    public IMetric ofMapping(String name) {
      return StreamMetrics.metric(
          "AWS/Lambda", name, Map.of("EventSourceMappingUUID", mapping), Stats.SUM);
    }
  }

  /** Workers. */
  public record WorkerReader(FargateService service) implements Reader {
    /** Returns the share of their CPU that they use, in percent. */
    public IMetric cpu(String statistic) {
      return of("CPUUtilization", statistic);
    }

    /** Returns the share of their memory that they use, in percent. */
    public IMetric memory(String statistic) {
      return of("MemoryUtilization", statistic);
    }

    private IMetric of(String name, String statistic) {
      Map<String, String> dimensions =
          Map.of(
              "ClusterName",
              service.getCluster().getClusterName(),
              "ServiceName",
              service.getServiceName());
      return StreamMetrics.metric("AWS/ECS", name, dimensions, statistic);
    }
  }

  static final Duration MINUTE = Duration.minutes(1);
  static final Duration QUARTER = Duration.minutes(15);

  /** Returns the age of the newest record that was read, or of the oldest that is not settled. */
  public IMetric iteratorAge() {
    return switch (reader) {
      case FunctionReader function -> function.metric("IteratorAge", Stats.MAXIMUM);
      case WorkerReader _ -> own(Metric.ITERATOR_AGE, Stats.MAXIMUM);
    };
  }

  public IMetric captureErrors() {
    return metric("AWS/Lambda", "Errors", Map.of("FunctionName", capture), Stats.SUM);
  }

  public IMetric ofFailures(String name) {
    return metric("AWS/SQS", name, Map.of("QueueName", failures), Stats.MAXIMUM);
  }

  public IMetric ofDeadLetters(String name) {
    return metric("AWS/SQS", name, Map.of("QueueName", deadLetters), Stats.MAXIMUM);
  }

  public IMetric ofSegmentDeadLetters(String name) {
    return metric("AWS/SQS", name, Map.of("QueueName", segmentDeadLetters), Stats.MAXIMUM);
  }

  /** Returns the number of write requests; a batch or a transaction is one. */
  public IMetric written(String operation) {
    return metric(
        "AWS/DynamoDB",
        "SuccessfulRequestLatency",
        Map.of("TableName", table, "Operation", operation),
        Stats.SAMPLE_COUNT);
  }

  /** Returns the capacity that writes used in a quarter of an hour; expiries use none. */
  public IMetric writes() {
    Map<String, String> ofTable = Map.of("TableName", table);
    return metric("AWS/DynamoDB", "ConsumedWriteCapacityUnits", ofTable, Stats.SUM, QUARTER);
  }

  /** Returns how many records were read from the stream in that time, before any filter. */
  public IMetric polled() {
    return switch (reader) {
      case FunctionReader(_, String mapping) ->
          metric(
              "AWS/Lambda",
              "PolledEventCount",
              Map.of("EventSourceMappingUUID", mapping),
              Stats.SUM,
              QUARTER);
      case WorkerReader _ -> own(stack, index, Metric.SETTLED, Stats.SUM, QUARTER);
    };
  }

  /**
   * Returns a metric of the changes that DynamoDB sends to Kinesis, from whichever of its internal
   * operations reports it.
   *
   * @param statistic an aggregate function of CloudWatch Metrics Insights
   */
  public IMetric toKinesis(String statistic, String name) {
    return MathExpression.Builder.create()
        .label(name)
        .expression(
            "SELECT %s(%s) FROM SCHEMA(\"AWS/DynamoDB\", DelegatedOperation, TableName) WHERE TableName = '%s'"
                .formatted(statistic, name, table))
        .usingMetrics(Map.of())
        .period(MINUTE)
        .build();
  }

  /** Returns a metric of the Kinesis stream. */
  public IMetric ofKinesis(String name, String statistic) {
    String stream = Objects.requireNonNull(kinesisStream, "a Kinesis stream");
    return metric("AWS/Kinesis", name, Map.of("StreamName", stream), statistic);
  }

  /** Returns a metric that the function or the worker itself reports. */
  public IMetric own(Metric metric, String statistic) {
    return own(stack, index, metric, statistic, MINUTE);
  }

  /** Returns a metric that the function reports for each of several indexes. */
  IMetric ofIndex(String name, Metric metric) {
    return own(stack, name, metric, Stats.SUM, MINUTE);
  }

  static IMetric own(String stack, String index, Metric metric, String statistic, Duration period) {
    return metric(
        Metric.NAMESPACE,
        metric.title(),
        Map.of(Metric.INDEX_DIMENSION, index, Metric.STACK_DIMENSION, stack),
        statistic,
        period);
  }

  private static IMetric metric(
      String namespace, String name, Map<String, String> dimensions, String statistic) {
    return metric(namespace, name, dimensions, statistic, MINUTE);
  }

  private static IMetric metric(
      String namespace,
      String name,
      Map<String, String> dimensions,
      String statistic,
      Duration period) {
    return software.amazon.awscdk.services.cloudwatch.Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        // A map of the JDK has another order in each JVM, and so would the template.
        .dimensionsMap(new TreeMap<>(dimensions))
        .statistic(statistic)
        .period(period)
        .build();
  }
}
