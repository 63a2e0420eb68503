package dev.utsushi.operations.deadletters;

/** Where an operation reports how it proceeds. */
public interface Progress {
  /** Replaces the status line. */
  void status(String text);

  /** Reports something that the operator has to know. */
  void warn(String text);
}
