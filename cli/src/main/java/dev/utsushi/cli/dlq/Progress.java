package dev.utsushi.cli.dlq;

import dev.utsushi.cli.stack.StackException;
import dev.utsushi.cli.terminal.Terminal;
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
      terminal.status(line(Math.clamp(done, 0, before), before, sinceStart()));
    } catch (StackException _) {
      terminal.status("replaying … %d s".formatted(sinceStart().toSeconds()));
    }
  }

  private Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private String line(long done, long of, Duration elapsed) {
    return "%s %s about %,d of %,d messages, %d s"
        .formatted(dryRun ? "looking" : "replaying", bar(done, of), done, of, elapsed.toSeconds());
  }

  static String bar(long done, long of) {
    int full = of == 0 ? BAR_COLUMNS : (int) (BAR_COLUMNS * done / of);
    return "[" + "#".repeat(full) + "-".repeat(BAR_COLUMNS - full) + "]";
  }
}
