package dev.utsushi.cli.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Where a command tells what it does. On a terminal the status is one line that changes in place;
 * elsewhere (a pipe, a CI log) it is a line every few seconds. Safe for use by several threads.
 */
public final class Terminal {
  private static final Duration STATUS_INTERVAL_ELSEWHERE = Duration.ofSeconds(5);
  private static final int COLUMNS_ELSEWHERE = 120;
  private static final int FEWEST_COLUMNS = 40;
  private static final String START_OF_CLEARED_LINE = "\r\u001b[2K";

  private final PrintWriter out;
  private final boolean live;
  private final boolean coloured;
  private final int columns;
  private final InstantSource clock;
  private boolean statusShown;
  private Instant nextStatus;

  Terminal(PrintStream out, boolean live, boolean coloured, int columns, InstantSource clock) {
    this(new PrintWriter(out, true, out.charset()), live, coloured, columns, clock, Instant.MIN);
  }

  private Terminal(
      PrintWriter out,
      boolean live,
      boolean coloured,
      int columns,
      InstantSource clock,
      Instant firstStatus) {
    this.out = out;
    nextStatus = firstStatus;
    this.live = live;
    this.coloured = coloured;
    this.columns = columns;
    this.clock = clock;
  }

  /**
   * Standard output as the launcher found it: only a shell can tell whether that, and not standard
   * input, is a terminal.
   */
  public static Terminal standardOutput(Map<String, String> environment) {
    var out = new PrintWriter(System.out, true, System.out.charset());
    return standardOutput(environment, out, Instant.MIN);
  }

  /**
   * The same by way of a writer, for a command that is often over in seconds: elsewhere than on a
   * terminal its status is told only if it takes longer.
   */
  public static Terminal standardOutput(Map<String, String> environment, PrintWriter out) {
    return standardOutput(environment, out, Instant.now().plus(STATUS_INTERVAL_ELSEWHERE));
  }

  private static Terminal standardOutput(
      Map<String, String> environment, PrintWriter out, Instant firstStatus) {
    int columns = Integer.getInteger("utsushi.columns", COLUMNS_ELSEWHERE);
    return new Terminal(
        out,
        isLive(environment),
        isColored(environment),
        Math.max(columns, FEWEST_COLUMNS),
        InstantSource.system(),
        firstStatus);
  }

  /** Returns whether standard output is a terminal that takes colors. */
  public static boolean isColored(Map<String, String> environment) {
    return isLive(environment) && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  private static boolean isLive(Map<String, String> environment) {
    return Boolean.getBoolean("utsushi.terminal") && !"dumb".equals(environment.get("TERM"));
  }

  /** Plain lines to any stream. */
  public static Terminal plain(PrintStream out) {
    return new Terminal(out, false, false, COLUMNS_ELSEWHERE, InstantSource.system());
  }

  /** Plain lines to any writer; status only of what takes longer than seconds. */
  public static Terminal plain(PrintWriter out) {
    var clock = InstantSource.system();
    return new Terminal(
        out,
        false,
        false,
        COLUMNS_ELSEWHERE,
        clock,
        clock.instant().plus(STATUS_INTERVAL_ELSEWHERE));
  }

  public synchronized void line(String text) {
    clearStatus();
    out.println(text);
    out.flush();
  }

  public void heading(String text) {
    line("");
    line(coloured ? "\u001b[1m" + text + "\u001b[0m" : text);
  }

  public void good(String text) {
    line(coloured ? "\u001b[32m" + text + "\u001b[0m" : text);
  }

  public void bad(String text) {
    line(coloured ? "\u001b[31m" + text + "\u001b[0m" : text);
  }

  /** Each row in a line of the terminal: what is wider is cut. */
  public void table(TextTable table) {
    table(table, columns);
  }

  /** Every row whole: what is wider goes on in the next line. */
  public void wholeTable(TextTable table) {
    table(table, Integer.MAX_VALUE);
  }

  private void table(TextTable table, int widest) {
    String indent = "  ";
    List<String> lines = table.lines(widest - indent.length());
    line(indent + (coloured ? "\u001b[2m" + lines.getFirst() + "\u001b[0m" : lines.getFirst()));
    lines.stream().skip(1).forEach(text -> line(indent + text));
  }

  /** What is going on just now; the next status or line takes its place. */
  public synchronized void status(String text) {
    if (live) {
      out.print(START_OF_CLEARED_LINE + DisplayWidth.cut(text, columns - 1));
      out.flush();
      statusShown = true;
    } else if (!clock.instant().isBefore(nextStatus)) {
      nextStatus = clock.instant().plus(STATUS_INTERVAL_ELSEWHERE);
      line(text);
    }
  }

  private void clearStatus() {
    if (statusShown) {
      out.print(START_OF_CLEARED_LINE);
      statusShown = false;
    }
  }
}
