package dev.utsushi.cli.terminal;

import java.util.function.LongSupplier;

/** A status line for changes that were read and are not processed, as while an engine is down. */
public final class WaitingChanges {
  private final Terminal terminal;
  private final LongSupplier waiting;
  private boolean waited;
  private boolean shown;

  /**
   * Creates the line.
   *
   * @param waiting returns how many changes wait
   */
  public WaitingChanges(Terminal terminal, LongSupplier waiting) {
    this.terminal = terminal;
    this.waiting = waiting;
  }

  /** Looks once more. Changes that wait for the first time may just be under way. */
  public void look() {
    long now = waiting.getAsLong();
    if (now > 0 && waited) {
      terminal.status(
          "%,d changes wait to be processed; ./utsushi status --local says why".formatted(now));
      shown = true;
    } else if (now == 0 && shown) {
      terminal.status("no change waits any more");
      shown = false;
    }
    waited = now > 0;
  }
}
