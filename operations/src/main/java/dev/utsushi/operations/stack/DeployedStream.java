package dev.utsushi.operations.stack;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.Setting;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a stack, as its replay function is configured. The JSON of a command begins with it.
 *
 * @param index the readers' alias; the first of several, which names the stream
 * @param kinesisStreamArn the Kinesis stream that the table's changes go to; null for none
 * @param lagAttribute the attribute that holds the time of a write; null without one
 * @param filterPatterns the variable with the filters of the mapping; null without any
 * @param queueUrl the URL of its dead-letter queue
 * @param functionName the name of its replay function
 * @param functionTimeout the time limit of an invocation of that function
 * @param logGroup the log group of that function
 * @param target the one of several indexes that a command is about; null for the first
 */
@JsonIncludeProperties({"stack", "region", "index", "tableArn", "queueUrl"})
public record DeployedStream(
    String stack,
    String region,
    String index,
    String tableArn,
    @Nullable String kinesisStreamArn,
    KeySchema keySchema,
    @Nullable String lagAttribute,
    @Nullable String filterPatterns,
    Search search,
    String queueUrl,
    String functionName,
    Duration functionTimeout,
    String logGroup,
    @Nullable String target) {

  /** Returns the same stream for a command about one of its indexes. */
  DeployedStream with(@Nullable String other) {
    return new DeployedStream(
        stack,
        region,
        index,
        tableArn,
        kinesisStreamArn,
        keySchema,
        lagAttribute,
        filterPatterns,
        search,
        queueUrl,
        functionName,
        functionTimeout,
        logGroup,
        other);
  }

  /** Returns the index that a command is about. */
  public String targetIndex() {
    return target == null ? index : target;
  }

  /**
   * How the functions of the stream reach the search engine.
   *
   * @param auth {@code sigv4}, {@code basic}, {@code apikey} or {@code none}
   * @param secretArn the secret for {@code basic} and {@code apikey}
   */
  public record Search(String endpoint, String auth, @Nullable String secretArn) {}

  /**
   * Returns the filter of the records that the function replays.
   *
   * @throws OperationException if its variable can't be read
   */
  public RecordFilter filter() {
    try {
      return new RecordFilter(Settings.filterPatterns(filterPatterns));
    } catch (IllegalArgumentException e) {
      throw OperationException.failed(
          "%s of function %s must be a JSON array of filter patterns: deploy the stack again"
              .formatted(Setting.FILTER_PATTERNS.variable(), functionName),
          e);
    }
  }

  /** Returns where its dead letters come from. */
  public Set<String> sources() {
    return KinesisSource.sources(tableArn, kinesisStreamArn);
  }

  /** Returns the name for headings. */
  public String title() {
    return "%s (stack %s, %s)"
        .formatted(target == null ? index : index + "/" + target, stack, region);
  }
}
