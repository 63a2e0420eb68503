package dev.utsushi.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.dlq.DeadLetterQueue.Standing;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.record.KeySchema;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownRecordsTest {
  private static final Instant HOUR_AGO = Letters.NOW.minus(Duration.ofHours(1));
  private static final Letter LETTER =
      Letters.of("aaaaaaaa-1", HOUR_AGO, Letters.captured(HOUR_AGO, "100", "200"));

  @Test
  void aRecordHasTheIdThatItsDocumentHas() {
    List<ShownRecord> records = records();
    assertThat(records.getFirst().id()).isEqualTo("d%7C1|%N5");
    assertThat(records.getFirst().changedAt()).isEqualTo(Instant.ofEpochSecond(1795262400));
    assertThat(records.getFirst().sequenceNumber()).isEqualTo("100");
    assertThat(records.getLast().id()).isNull();
    assertThat(records.getLast().changedAt()).isNull();
  }

  @Test
  void keysAreShownAndItemsOnlyWhenAskedFor() {
    assertThat(screen(false))
        .contains(
            "d%7C1|%N5", "engine: 503", "after 4 attempts", "100 to 200, a batch of 2 records")
        .doesNotContain("secret");
    assertThat(screen(true)).contains("secret");
  }

  private static List<ShownRecord> records() {
    var captured = (DeadLetter.Captured) LETTER.content();
    var names = new KeySchema("deal", "at");
    return captured.records().stream().map(text -> ShownRecord.of(text, names)).toList();
  }

  private static String screen(boolean values) {
    var seen =
        new Peek.Seen<>(List.of(LETTER), true, new Standing(1, 0, Duration.ofDays(14)), null);
    Listing listing = Listing.of(seen, Letters.NOW);
    var text = new StringWriter();
    new ShowScreen(Terminal.plain(new PrintWriter(text, true)), listing, values)
        .show(
            listing.entries().getFirst(),
            new ShownRecords(ShownRecords.State.CAPTURED, records(), null));
    return text.toString();
  }
}
