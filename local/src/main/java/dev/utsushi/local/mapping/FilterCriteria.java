package dev.utsushi.local.mapping;

import dev.utsushi.local.Limits;
import dev.utsushi.local.stream.PolledRecord;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/**
 * Patterns of which a record must match one to reach the function, compared with the record's JSON
 * by AWS's own library. Without any pattern, every record matches.
 *
 * @param patterns up to five, each an event pattern: {@code {"dynamodb":{"Keys":{"id":{"S":[{
 *     "prefix":"deal-"}]}}}}}
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html">Using event
 *     filtering with a DynamoDB event source</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html">… with a
 *     Kinesis event source</a>
 */
public record FilterCriteria(List<String> patterns) {

  /** Lambda's default quota. */
  private static final int MOST_PATTERNS = 5;

  private static final int LONGEST_PATTERN = 4096;

  /**
   * @throws IllegalArgumentException naming everything that Lambda would refuse
   */
  public FilterCriteria {
    patterns = List.copyOf(patterns);
    var limits = new Limits();
    limits.require(
        patterns.size() <= MOST_PATTERNS,
        "filters takes up to %d, not %d".formatted(MOST_PATTERNS, patterns.size()));
    for (int i = 0; i < patterns.size(); i++) {
      String problem = problem(patterns.get(i));
      limits.require(problem.isEmpty(), "filter %d %s".formatted(i + 1, problem));
    }
    limits.throwProblems();
  }

  public static FilterCriteria none() {
    return new FilterCriteria(List.of());
  }

  /**
   * Returns criteria with these patterns.
   *
   * @throws IllegalArgumentException naming everything that Lambda would refuse
   */
  public static FilterCriteria of(String... patterns) {
    return new FilterCriteria(List.of(patterns));
  }

  /** Returns what Lambda would refuse; empty for a valid pattern. */
  private static String problem(String pattern) {
    if (pattern.length() > LONGEST_PATTERN) {
      return "takes up to %d characters, not %d".formatted(LONGEST_PATTERN, pattern.length());
    }
    @Nullable String complaint = JsonRuleCompiler.check(pattern);
    return complaint == null ? "" : "is not a valid pattern: " + complaint.split("\n", 2)[0];
  }

  /** Compiles the patterns. The result is safe for use by many threads. */
  Predicate<PolledRecord> matcher() {
    Machine machine = Machine.builder().build();
    for (String pattern : patterns) {
      try {
        machine.addRule(pattern, pattern);
      } catch (IOException e) {
        throw new IllegalStateException("The constructor accepted " + pattern, e);
      }
    }
    return record -> machine.isEmpty() || matches(machine, record);
  }

  private static boolean matches(Machine machine, PolledRecord record) {
    try {
      return !machine.rulesForJSONEvent(record.filtered()).isEmpty();
    } catch (Exception e) {
      // The library declares Exception; the JSON is ours and well-formed.
      throw new IllegalStateException("Cannot filter " + record.sequenceNumber(), e);
    }
  }
}
