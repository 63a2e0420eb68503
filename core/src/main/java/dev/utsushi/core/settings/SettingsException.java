package dev.utsushi.core.settings;

import java.util.List;

/** The function cannot start: one line for each setting that is wrong. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  SettingsException(List<String> problems) {
    super("Invalid configuration:\n  - " + String.join("\n  - ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns what is wrong, one sentence each. */
  public List<String> problems() {
    return problems;
  }
}
