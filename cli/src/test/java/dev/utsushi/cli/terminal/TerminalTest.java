package dev.utsushi.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private Instant now = Instant.EPOCH;

  @Test
  void onATerminalTheStatusChangesInPlaceAndGivesWayToALine() {
    var terminal = new Terminal(out, true, false, 80, () -> now);
    terminal.status("one");
    terminal.status("two");
    terminal.line("done");
    assertThat(text()).isEqualTo("\r\u001b[2Kone\r\u001b[2Ktwo\r\u001b[2Kdone\n");
  }

  @Test
  void elsewhereTheStatusIsALineEveryFewSeconds() {
    var terminal = new Terminal(out, false, false, 80, () -> now);
    for (int second = 0; second < 12; second++) {
      now = Instant.ofEpochSecond(second);
      terminal.status("at " + second);
    }
    assertThat(text()).isEqualTo("at 0\nat 5\nat 10\n");
  }

  @Test
  void withoutColourNothingIsColoured() {
    var terminal = new Terminal(out, true, false, 80, () -> now);
    terminal.heading("heading");
    terminal.good("good");
    terminal.bad("bad");
    assertThat(text()).isEqualTo("\nheading\ngood\nbad\n");
  }

  @Test
  void aStatusIsNeverWiderThanTheTerminalOrItWouldNotChangeInPlace() {
    var terminal = new Terminal(out, true, false, 10, () -> now);
    terminal.status("日本語の長い文");
    assertThat(text()).isEqualTo("\r\u001b[2K日本語の…");
  }

  @Test
  void columnsOfJapaneseTextStandInLine() {
    var table = new TextTable("who", "calls");
    table.row("佐藤", "7");
    table.row("ann", "12");
    assertThat(table.lines(80)).containsExactly("who   calls", "佐藤      7", "ann      12");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
