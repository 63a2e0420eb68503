package dev.utsushi.infra.stack;

import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.Stats;
import software.amazon.awscdk.services.sqs.Queue;

/** One stream's metrics per minute: Lambda's, the queues', DynamoDB's and the function's own. */
record StreamMetrics(StreamReplication stream) {
  static final Duration MINUTE = Duration.minutes(1);

  Metric iteratorAge() {
    return ofFunction("IteratorAge", Stats.MAXIMUM);
  }

  Metric errors() {
    return ofFunction("Errors", Stats.SUM);
  }

  Metric throttles() {
    return ofFunction("Throttles", Stats.SUM);
  }

  Metric invocations() {
    return ofFunction("Invocations", Stats.SUM);
  }

  Metric longestInvocation() {
    return ofFunction("Duration", Stats.MAXIMUM);
  }

  Metric timeInInvocations() {
    return ofFunction("Duration", Stats.SUM);
  }

  Metric concurrency() {
    return ofFunction("ConcurrentExecutions", Stats.MAXIMUM);
  }

  Metric captureErrors() {
    return of(stream.capture(), "Errors", Stats.SUM);
  }

  Metric deadLetters() {
    return ofQueue(stream.queues().deadLetters(), "ApproximateNumberOfMessagesVisible");
  }

  Metric deadLetterAge() {
    return ofQueue(stream.queues().deadLetters(), "ApproximateAgeOfOldestMessage");
  }

  /** Returns the number of failures that wait for their second chance. */
  Metric failuresDelayed() {
    return ofQueue(stream.queues().failures(), "ApproximateNumberOfMessagesDelayed");
  }

  Metric failures() {
    return ofQueue(stream.queues().failures(), "ApproximateNumberOfMessagesVisible");
  }

  Metric failureAge() {
    return ofQueue(stream.queues().failures(), "ApproximateAgeOfOldestMessage");
  }

  Metric polled() {
    return ofMapping("PolledEventCount");
  }

  Metric dropped() {
    return ofMapping("DroppedEventCount");
  }

  Metric deliveredToQueue() {
    return ofMapping("OnFailureDestinationDeliveredEventCount");
  }

  /** Returns the number of write requests; a batch or a transaction is one. */
  Metric written(String operation) {
    return metric(
        "AWS/DynamoDB",
        "SuccessfulRequestLatency",
        Map.of("TableName", stream.table().name(), "Operation", operation),
        Stats.SAMPLE_COUNT);
  }

  /** Returns a metric that the function itself reports. */
  Metric own(dev.utsushi.core.telemetry.Metric metric, String statistic) {
    return metric(
        dev.utsushi.core.telemetry.Metric.NAMESPACE,
        metric.title(),
        Map.of(dev.utsushi.core.telemetry.Metric.DIMENSION, stream.settings().index()),
        statistic);
  }

  private Metric ofFunction(String name, String statistic) {
    return of(stream.replication(), name, statistic);
  }

  private static Metric of(StreamFunction function, String name, String statistic) {
    return metric(
        "AWS/Lambda",
        name,
        Map.of("FunctionName", function.function().getFunctionName()),
        statistic);
  }

  private static Metric ofQueue(Queue queue, String name) {
    return metric("AWS/SQS", name, Map.of("QueueName", queue.getQueueName()), Stats.MAXIMUM);
  }

  private Metric ofMapping(String name) {
    return metric(
        "AWS/Lambda",
        name,
        Map.of("EventSourceMappingUUID", stream.eventSourceMapping().getRef()),
        Stats.SUM);
  }

  private static Metric metric(
      String namespace, String name, Map<String, String> dimensions, String statistic) {
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .dimensionsMap(dimensions)
        .statistic(statistic)
        .period(MINUTE)
        .build();
  }
}
