package dev.utsushi.local.template;

import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads event source mappings of streams and of queues.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html">AWS::Lambda::EventSourceMapping</a>
 */
final class MappingReader {
  private static final int WEEK_SECONDS = 604_800;
  private static final String QUEUE_PREFIX = "arn:aws:sqs:";

  private MappingReader() {}

  static Planned mapping(String logicalId, Properties mapping) {
    mapping.ignore("KmsKeyArn", "MetricsConfig", "Tags");
    mapping.refuse("ProvisionedPollerConfig", "the embedded mapping provisions nothing");
    String source = mapping.requiredText("EventSourceArn");
    return source.startsWith(QUEUE_PREFIX)
        ? ofQueue(logicalId, source, mapping)
        : ofStream(logicalId, source, mapping);
  }

  private static Planned.QueueMapping ofQueue(
      String logicalId, String queueArn, Properties mapping) {
    for (String ofStreams :
        List.of(
            "BisectBatchOnFunctionError",
            "DestinationConfig",
            "MaximumRecordAgeInSeconds",
            "MaximumRetryAttempts",
            "ParallelizationFactor",
            "StartingPosition",
            "TumblingWindowInSeconds")) {
      mapping.refuse(ofStreams, "a queue's mapping does not have it");
    }
    mapping.refuse("FilterCriteria", "the embedded mapping of a queue does not filter");
    return new Planned.QueueMapping(
        logicalId,
        queueArn,
        FunctionReference.parse(mapping.requiredText("FunctionName")),
        queueSettings(mapping),
        mapping.flag("Enabled", true));
  }

  private static QueueMappingSettings queueSettings(Properties mapping) {
    var defaults = QueueMappingSettings.defaults();
    int window = mapping.integer("MaximumBatchingWindowInSeconds", 0, 300).orElse(0);
    int batchSize = mapping.integer("BatchSize", 1, 10_000).orElse(defaults.batchSize());
    if (batchSize > defaults.batchSize() && window == 0) {
      mapping.problem("BatchSize", "takes more than 10 only with a batching window");
      batchSize = defaults.batchSize();
    }
    return new QueueMappingSettings(
        batchSize,
        Duration.ofSeconds(window),
        mapping
            .object("ScalingConfig", scaling -> scaling.integer("MaximumConcurrency", 2, 1_000))
            .orElse(OptionalInt.empty()),
        reportsFailures(mapping));
  }

  private static Planned.Mapping ofStream(String logicalId, String streamArn, Properties mapping) {
    mapping.refuse("ScalingConfig", "a stream's mapping does not have it");
    refuseTumblingWindow(mapping);
    return new Planned.Mapping(
        logicalId,
        streamArn,
        FunctionReference.parse(mapping.requiredText("FunctionName")),
        settings(mapping),
        mapping
            .object(
                "DestinationConfig",
                config -> config.object("OnFailure", failure -> failure.text("Destination")))
            .flatMap(onFailure -> onFailure)
            .flatMap(destination -> destination),
        mapping.flag("Enabled", true));
  }

  private static EventSourceMappingSettings settings(Properties mapping) {
    var defaults = EventSourceMappingSettings.defaults();
    int window = mapping.integer("MaximumBatchingWindowInSeconds", 0, 300).orElse(0);
    return new EventSourceMappingSettings(
        mapping.integer("BatchSize", 1, 10_000).orElse(defaults.batchSize()),
        Duration.ofSeconds(window),
        mapping.integer("ParallelizationFactor", 1, 10).orElse(defaults.parallelizationFactor()),
        startingPosition(mapping),
        retryAttempts(mapping.integer("MaximumRetryAttempts", -1, 10_000)),
        recordAge(mapping),
        mapping.flag("BisectBatchOnFunctionError", false),
        reportsFailures(mapping),
        filters(mapping));
  }

  private static FilterCriteria filters(Properties mapping) {
    List<String> patterns =
        mapping
            .object(
                "FilterCriteria",
                criteria -> criteria.objects("Filters", filter -> filter.requiredText("Pattern")))
            .orElse(List.of());
    try {
      return new FilterCriteria(patterns);
    } catch (IllegalArgumentException e) {
      mapping.problem("FilterCriteria", "is refused: " + e.getMessage());
      return FilterCriteria.none();
    }
  }

  private static void refuseTumblingWindow(Properties mapping) {
    if (mapping.integer("TumblingWindowInSeconds", 0, 900).orElse(0) > 0) {
      mapping.problem(
          "TumblingWindowInSeconds", "is refused: the embedded mapping has no tumbling windows");
    }
  }

  private static StartingPosition startingPosition(Properties mapping) {
    if (mapping.requiredText("StartingPosition").isEmpty()) {
      return StartingPosition.TRIM_HORIZON;
    }
    return mapping
        .choice("StartingPosition", "TRIM_HORIZON", "LATEST")
        .map(StartingPosition::valueOf)
        .orElse(StartingPosition.TRIM_HORIZON);
  }

  private static OptionalInt retryAttempts(OptionalInt given) {
    return given.isPresent() && given.getAsInt() == -1 ? OptionalInt.empty() : given;
  }

  private static Optional<Duration> recordAge(Properties mapping) {
    OptionalInt seconds = mapping.integer("MaximumRecordAgeInSeconds", -1, WEEK_SECONDS);
    if (seconds.isEmpty() || seconds.getAsInt() == -1) {
      return Optional.empty();
    }
    if (seconds.getAsInt() < 60) {
      mapping.problem(
          "MaximumRecordAgeInSeconds", "takes -1 or 60 to 604800, not " + seconds.getAsInt());
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds(seconds.getAsInt()));
  }

  private static boolean reportsFailures(Properties mapping) {
    List<String> types = mapping.texts("FunctionResponseTypes");
    if (!List.of("ReportBatchItemFailures").containsAll(types)) {
      mapping.problem("FunctionResponseTypes", "takes ReportBatchItemFailures, not " + types);
    }
    return types.contains("ReportBatchItemFailures");
  }
}
