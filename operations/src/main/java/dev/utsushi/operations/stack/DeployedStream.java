package dev.utsushi.operations.stack;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import dev.utsushi.core.record.KeySchema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a stack, as its replay function is configured. The JSON of a command begins with it.
 *
 * @param index the readers' alias
 * @param lagAttribute the attribute that holds the time of a write; null without one
 * @param queueUrl the URL of its dead-letter queue
 * @param functionName the name of its replay function
 * @param functionTimeout the time limit of an invocation of that function
 * @param logGroup the log group of that function
 */
@JsonIncludeProperties({"stack", "region", "index", "tableArn", "queueUrl"})
public record DeployedStream(
    String stack,
    String region,
    String index,
    String tableArn,
    KeySchema keySchema,
    @Nullable String lagAttribute,
    Search search,
    String queueUrl,
    String functionName,
    Duration functionTimeout,
    String logGroup) {

  /**
   * How the functions of the stream reach the search engine.
   *
   * @param auth {@code sigv4}, {@code basic}, {@code apikey} or {@code none}
   * @param secretArn the secret for {@code basic} and {@code apikey}
   */
  public record Search(String endpoint, String auth, @Nullable String secretArn) {}

  /** Returns the name for headings. */
  public String title() {
    return "%s (stack %s, %s)".formatted(index, stack, region);
  }
}
