package dev.utsushi.cli.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a command does. On a terminal the status is one line that changes in place; elsewhere
 * (a pipe, a CI log) it is a line every few seconds. Safe for use by several threads.
 */
public final class Terminal {
  private static final Duration STATUS_INTERVAL_ELSEWHERE = Duration.ofSeconds(5);
  private static final int COLUMNS_ELSEWHERE = 120;
  private static final int FEWEST_COLUMNS = 40;
  private static final String START_OF_CLEARED_LINE = "\r\u001b[2K";

  private final PrintWriter out;
  private final boolean live;
  private final boolean colored;
  private final int columns;
  private final InstantSource clock;
  private boolean statusShown;
  private Instant nextStatus;

  Terminal(PrintWriter out, boolean live, boolean colored, int columns, InstantSource clock) {
    this.out = out;
    this.live = live;
    this.colored = colored;
    this.columns = columns;
    this.clock = clock;
    // A command that is over in seconds prints no status elsewhere than on a terminal.
    nextStatus = clock.instant().plus(STATUS_INTERVAL_ELSEWHERE);
  }

  /**
   * Prints to standard output. The launcher says whether that is a terminal: Java only knows
   * whether standard input and output both are.
   */
  public static Terminal standardOutput(PrintWriter out) {
    int columns = Integer.getInteger("utsushi.columns", COLUMNS_ELSEWHERE);
    return new Terminal(
        out, isLive(), isColored(), Math.max(columns, FEWEST_COLUMNS), InstantSource.system());
  }

  /** Prints plain lines. */
  public static Terminal plain(PrintWriter out) {
    return new Terminal(out, false, false, COLUMNS_ELSEWHERE, InstantSource.system());
  }

  /** Returns whether standard output is a terminal that takes colors. */
  public static boolean isColored() {
    return isLive() && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
  }

  private static boolean isLive() {
    return Boolean.getBoolean("utsushi.terminal") && !"dumb".equals(System.getenv("TERM"));
  }

  public void line(String text) {
    print(escaped(text));
  }

  /**
   * Prints a text file that is beside a class.
   *
   * @param arguments where the text has {@code %1$s} and so on
   */
  public void text(Class<?> owner, String file, Object... arguments) {
    try (InputStream text = Objects.requireNonNull(owner.getResourceAsStream(file))) {
      new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .formatted(arguments)
          .lines()
          .forEach(this::line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void heading(String text) {
    print("");
    print(styled("1", text));
  }

  public void good(String text) {
    print(styled("32", text));
  }

  public void bad(String text) {
    print(styled("31", text));
  }

  private synchronized void print(String text) {
    clearStatus();
    out.println(text);
    out.flush();
  }

  private String styled(String code, String text) {
    return colored ? "\u001b[" + code + "m" + escaped(text) + "\u001b[0m" : escaped(text);
  }

  /** Keys come from the table: a terminal must not obey what they hold. */
  private static String escaped(String text) {
    return TextTable.escaped(text, '\n');
  }

  /** Prints each row in one line of the terminal, and cuts what is wider. */
  public void table(TextTable table) {
    table(table, columns);
  }

  /** Prints every row whole: the terminal wraps what is wider. */
  public void wholeTable(TextTable table) {
    table(table, Integer.MAX_VALUE);
  }

  private void table(TextTable table, int widest) {
    String indent = "  ";
    var lines = table.lines(widest - indent.length());
    print(indent + styled("2", lines.getFirst()));
    lines.stream().skip(1).forEach(text -> line(indent + text));
  }

  /** Prints what is going on at the moment; the next status or line replaces it. */
  public synchronized void status(String text) {
    if (live) {
      out.print(START_OF_CLEARED_LINE + DisplayWidth.cut(escaped(text), columns - 1));
      out.flush();
      statusShown = true;
    } else if (!clock.instant().isBefore(nextStatus)) {
      nextStatus = clock.instant().plus(STATUS_INTERVAL_ELSEWHERE);
      line(text);
    }
  }

  /** Reads one line of standard input. */
  public static @Nullable String answer() throws InterruptedException {
    return answer(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
  }

  /**
   * Reads one line of the user's. The read has a thread of its own, because Ctrl-C cannot interrupt
   * it.
   *
   * @return the line, or null if there is none
   */
  public static @Nullable String answer(BufferedReader answers) throws InterruptedException {
    var answer = new FutureTask<@Nullable String>(answers::readLine);
    Thread.ofPlatform().daemon().name("answer").start(answer);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("standard input cannot be read", e.getCause());
    }
  }

  private void clearStatus() {
    if (statusShown) {
      out.print(START_OF_CLEARED_LINE);
      statusShown = false;
    }
  }
}
