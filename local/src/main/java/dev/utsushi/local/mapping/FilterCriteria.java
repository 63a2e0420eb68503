package dev.utsushi.local.mapping;

import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of which a record has to match one to reach the function, on its JSON as the function
 * would get it. Without any, every record does.
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
      String pattern = patterns.get(i);
      if (pattern.length() > LONGEST_PATTERN) {
        problems.add(
            "filter %d takes up to %d characters, not %d"
                .formatted(i + 1, LONGEST_PATTERN, pattern.length()));
      } else {
        String prefix = "filter %d is no valid pattern: ".formatted(i + 1);
        EventPattern.problem(pattern).map(prefix::concat).ifPresent(problems::add);
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  public static FilterCriteria none() {
    return new FilterCriteria(List.of());
  }

  /**
   * Of these patterns.
   *
   * @throws IllegalArgumentException naming everything that Lambda would refuse
   */
  public static FilterCriteria of(String... patterns) {
    return new FilterCriteria(List.of(patterns));
  }
}
