package dev.utsushi.local.template;

import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.FilterCriteria;
import dev.utsushi.local.mapping.StartingPosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads event source mappings of streams.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html">AWS::Lambda::EventSourceMapping</a>
 */
final class MappingReader {
  private static final int WEEK_SECONDS = 604_800;

  private MappingReader() {}

  static Planned.Mapping mapping(String logicalId, Properties mapping) {
    mapping.ignore("KmsKeyArn", "MetricsConfig", "Tags");
    refuseTumblingWindow(mapping);
    return new Planned.Mapping(
        logicalId,
        mapping.requiredText("EventSourceArn"),
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
