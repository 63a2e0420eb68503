package dev.utsushi.cli.dlq;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;

/**
 * How far a replay has come, by the queue itself: an invocation lasts minutes and says nothing
 * until it ends.
 */
final class Progress {
  private static final int BAR_COLUMNS = 24;

  private final Terminal terminal;
  private final DeadLetterQueue queue;
  private final boolean dryRun;
  private final long before;
  private final long start = System.nanoTime();

  /** Starts from how the queue stands now. */
  Progress(Terminal terminal, DeadLetterQueue queue, boolean dryRun, DeadLetterQueue.Standing now) {
    this.terminal = terminal;
    this.queue = queue;
    this.dryRun = dryRun;
    before = now.visible() + now.hidden();
  }

  /** Shows it; a queue that doesn't answer just now is no reason to stop. */
  void show() {
    try {
      DeadLetterQueue.Standing now = queue.standing();
      long done = dryRun ? now.hidden() : before - now.visible() - now.hidden();
      terminal.status(before == 0 ? waiting() : line(Math.clamp(done, 0, before), before));
    } catch (OperationException _) {
      terminal.status(waiting());
    }
  }

  /** Where there is nothing to measure by. */
  private String waiting() {
    return "%s … %d s".formatted(verb(), sinceStart().toSeconds());
  }

  private Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private String verb() {
    return dryRun ? "looking" : "replaying";
  }

  private String line(long done, long of) {
    return "%s %s about %,d of %,d messages, %d s"
        .formatted(verb(), bar(done, of), done, of, sinceStart().toSeconds());
  }

  private static String bar(long done, long of) {
    int full = (int) (BAR_COLUMNS * done / of);
    return "[" + "#".repeat(full) + "-".repeat(BAR_COLUMNS - full) + "]";
  }
}
