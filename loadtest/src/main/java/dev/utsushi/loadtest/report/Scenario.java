package dev.utsushi.loadtest.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Load tests that belong together, or their runs.
 *
 * @param <T> a test that is planned, or a run that is over
 * @param name for programs
 * @param title for people
 * @param introduction the conditions, in paragraphs
 */
public record Scenario<T>(
    String name, String title, List<String> introduction, List<Group<T>> groups) {

  /** Tests under one heading. */
  public record Group<T>(String heading, List<Entry<T>> entries) {}

  /**
   * A test in the table; one test can be in two groups.
   *
   * @param published the published result at this rate
   */
  public record Entry<T>(String published, T test) {}

  /** Returns each test once, in order. */
  public List<T> tests() {
    return groups.stream()
        .flatMap(group -> group.entries().stream())
        .map(Entry::test)
        .distinct()
        .toList();
  }

  /** Returns the scenario with something else for each test; a test without it is left out. */
  public <U> Scenario<U> map(Function<T, Optional<U>> mapping) {
    return new Scenario<>(
        name,
        title,
        introduction,
        groups.stream()
            .map(group -> new Group<>(group.heading(), mapped(group.entries(), mapping)))
            .toList());
  }

  private static <T, U> List<Entry<U>> mapped(
      List<Entry<T>> entries, Function<T, Optional<U>> mapping) {
    return entries.stream()
        .flatMap(
            entry ->
                mapping.apply(entry.test()).stream()
                    .map(test -> new Entry<>(entry.published(), test)))
        .toList();
  }
}
