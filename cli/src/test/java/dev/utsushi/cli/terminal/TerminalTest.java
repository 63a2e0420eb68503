package dev.utsushi.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text, true);
  private Instant now = Instant.EPOCH;

  @Test
  void onATerminalTheStatusChangesInPlaceAndALineReplacesIt() {
    var terminal = new Terminal(out, true, false, 80, () -> now);
    terminal.status("one");
    terminal.status("two");
    terminal.line("done");
    assertThat(text.toString()).isEqualTo("\r\u001b[2Kone\r\u001b[2Ktwo\r\u001b[2Kdone\n");
  }

  @Test
  void elsewhereTheStatusIsALineEveryFewSecondsAfterTheFirst() {
    var terminal = new Terminal(out, false, false, 80, () -> now);
    for (int second = 0; second < 12; second++) {
      now = Instant.ofEpochSecond(second);
      terminal.status("at " + second);
    }
    assertThat(text.toString()).isEqualTo("at 5\nat 10\n");
  }

  @Test
  void changesThatWaitAreShownFromTheSecondLookOn() {
    var terminal = new Terminal(out, true, false, 80, () -> now);
    var counts = List.of(0L, 3L, 0L, 3L, 5L, 0L, 0L).iterator();
    var waiting = new WaitingChanges(terminal, counts::next);
    while (counts.hasNext()) {
      waiting.look();
    }
    assertThat(text.toString().split("\r\u001b\\[2K", -1))
        .containsExactly(
            "",
            "5 changes wait to be processed; ./utsushi status --local says why",
            "no change waits any more");
  }

  @Test
  void withoutColorNothingIsColored() {
    var terminal = new Terminal(out, true, false, 80, () -> now);
    terminal.heading("heading");
    terminal.good("good");
    terminal.bad("bad");
    assertThat(text.toString()).isEqualTo("\nheading\ngood\nbad\n");
  }

  @Test
  void aStatusIsCutToTheTerminalToChangeInPlace() {
    var terminal = new Terminal(out, true, false, 10, () -> now);
    terminal.status("日本語の長い文");
    assertThat(text.toString()).isEqualTo("\r\u001b[2K日本語の…");
  }

  @Test
  void whatATerminalWouldObeyIsEscaped() {
    String hostile = "a\u001b]0;title\u0007\u009b31m\rb\u202ec";
    String escaped = "a\\u001b]0;title\\u0007\\u009b31m\\u000db\\u202ec";
    var terminal = new Terminal(out, false, true, 80, () -> now);
    terminal.line(hostile);
    terminal.bad(hostile);
    var table = new TextTable("key");
    table.row("one\ntwo\u001b[2J");
    terminal.wholeTable(table);
    assertThat(text.toString())
        .isEqualTo(
            escaped
                + "\n\u001b[31m"
                + escaped
                + "\u001b[0m\n  \u001b[2mkey\u001b[0m\n  one\\u000atwo\\u001b[2J\n");
  }

  @Test
  void columnsOfJapaneseTextLineUp() {
    var table = new TextTable("who", "calls");
    table.row("佐藤", "7");
    table.row("ann", "12");
    assertThat(table.lines(80)).containsExactly("who   calls", "佐藤      7", "ann      12");
  }
}
