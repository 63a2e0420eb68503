package dev.utsushi.operations.stack;

import java.time.Duration;

/**
 * One stream of a stack, as its replay function knows it.
 *
 * @param index the readers' alias
 * @param search how the engine is reached
 * @param queueUrl of its dead-letter queue
 * @param functionName of its replay function
 * @param functionTimeout how long one invocation of that may take
 * @param logGroup where that logs
 */
public record ReplicatedStream(
    String stack,
    String region,
    String index,
    String tableArn,
    KeyNames keyNames,
    SearchAccess search,
    String queueUrl,
    String functionName,
    Duration functionTimeout,
    String logGroup) {

  /** As headings name it. */
  public String title() {
    return "%s (stack %s, %s)".formatted(index, stack, region);
  }
}
