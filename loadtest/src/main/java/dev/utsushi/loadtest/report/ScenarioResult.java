package dev.utsushi.loadtest.report;

import java.util.List;

/**
 * Several runs that belong together.
 *
 * @param name for programs
 * @param title for people
 * @param introduction the conditions, in paragraphs
 */
public record ScenarioResult(
    String name, String title, List<String> introduction, List<Group> groups) {

  public ScenarioResult {
    introduction = List.copyOf(introduction);
    groups = List.copyOf(groups);
  }

  /** Runs under one heading. */
  public record Group(String heading, List<Entry> entries) {
    public Group {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A run in the table; one run can be in two groups.
   *
   * @param published the published result at this rate
   */
  public record Entry(String published, LoadRun run) {}

  /** Returns each run once, in order. */
  public List<LoadRun> runs() {
    return groups.stream()
        .flatMap(group -> group.entries().stream())
        .map(Entry::run)
        .distinct()
        .toList();
  }
}
