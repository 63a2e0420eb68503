package dev.utsushi.cli;

/** What the commands' exit codes mean. */
final class ExitCode {
  private ExitCode() {}

  static final int FINE = 0;
  static final int DIFFERENT = 1;
  static final int USAGE = 2;
  static final int NOT_STARTED = 3;
  static final int INTERRUPTED = 130;
}
