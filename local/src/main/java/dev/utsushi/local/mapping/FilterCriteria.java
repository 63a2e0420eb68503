package dev.utsushi.local.mapping;

import dev.utsushi.local.stream.PolledRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    List<String> problems = new ArrayList<>();
    if (patterns.size() > MOST_PATTERNS) {
      problems.add("filters takes up to %d, not %d".formatted(MOST_PATTERNS, patterns.size()));
    }
    for (int i = 0; i < patterns.size(); i++) {
      String filter = "filter %d ".formatted(i + 1);
      problem(patterns.get(i)).map(filter::concat).ifPresent(problems::add);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
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

  private static Optional<String> problem(String pattern) {
    if (pattern.length() > LONGEST_PATTERN) {
      return Optional.of(
          "takes up to %d characters, not %d".formatted(LONGEST_PATTERN, pattern.length()));
    }
    @Nullable String complaint = JsonRuleCompiler.check(pattern);
    return Optional.ofNullable(complaint)
        .flatMap(text -> text.lines().findFirst())
        .map("is no valid pattern: "::concat);
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
      return !machine.rulesForJSONEvent(record.json()).isEmpty();
    } catch (Exception e) {
      // The library declares Exception; the JSON is ours and well-formed.
      throw new IllegalStateException("Cannot filter " + record.sequenceNumber(), e);
    }
  }
}
