package dev.utsushi.cli.dlq;

import static dev.utsushi.cli.dlq.Letters.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.cli.dlq.DeadLetterQueue.Standing;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static final Duration RETENTION = Duration.ofDays(14);
  private static final DeployedStream STREAM =
      new DeployedStream(
          "utsushi",
          "eu-west-1",
          "deals",
          Letters.TABLE,
          new KeySchema("deal", "at"),
          null,
          new DeployedStream.Search("http://engine", "none", null),
          "https://queue",
          "replay-deals",
          Duration.ofMinutes(1),
          "/aws/lambda/replay-deals");

  private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
  private static final Instant TWO_DAYS_AGO = NOW.minus(Duration.ofDays(2));

  private static final Letter CAPTURED =
      Letters.of("aaaaaaaa-1", HOUR_AGO, Letters.captured(HOUR_AGO, "100", "20000000000"));
  private static final Letter REFERENCE =
      Letters.of("bbbbbbbb-1", HOUR_AGO, Letters.reference(HOUR_AGO, "300", "300", 1));
  private static final Letter DOUBLE =
      Letters.of(
          "bbbbbbbb-2", HOUR_AGO.plusSeconds(9), Letters.reference(HOUR_AGO, "300", "300", 1));
  private static final Letter EXPIRED =
      Letters.of("cccccccc-1", TWO_DAYS_AGO, Letters.reference(TWO_DAYS_AGO, "50", "50", 1));
  private static final Letter FOREIGN =
      Letters.of("dddddddd-1", NOW.minusSeconds(30), "{\"hello\":1}");

  @Test
  void theOldestFailureComesFirstAndADoubleCountsOnce() {
    Listing listing = listing(true, CAPTURED, REFERENCE, FOREIGN, DOUBLE, EXPIRED);
    assertThat(listing.entries().stream().map(entry -> entry.letter().messageId()))
        .containsExactly("cccccccc-1", "aaaaaaaa-1", "bbbbbbbb-2", "dddddddd-1");
    assertThat(listing.entries().get(2).copies()).containsExactly("bbbbbbbb-1");
    assertThat(listing.doubles()).isEqualTo(1);
    assertThat(listing.recordCount()).isEqualTo(4);
    assertThat(listing.expired()).isEqualTo(1);
  }

  @Test
  void aReferenceIsForgottenByTheStreamACapturedOneByTheQueue() {
    assertThat(CAPTURED.forgottenAt(RETENTION)).isEqualTo(HOUR_AGO.plus(RETENTION));
    assertThat(REFERENCE.forgottenAt(RETENTION)).isEqualTo(HOUR_AGO.plus(Duration.ofHours(24)));
    assertThat(REFERENCE.forgottenAt(Duration.ofHours(2)))
        .isEqualTo(HOUR_AGO.plus(Duration.ofHours(2)));
  }

  @Test
  void withoutItsRecordsAMessageIsListedTheSame() {
    assertThat(CAPTURED.slim().recordCount()).isEqualTo(2);
    assertThat(screen(listing(true, CAPTURED.slim()))).isEqualTo(screen(listing(true, CAPTURED)));
  }

  @Test
  void anIdIsAsLongAsItTakesToTellThemApart() {
    assertThat(listing(true, CAPTURED, FOREIGN).shortIdLength()).isEqualTo(8);
    Letter near = Letters.of("aaaaaaaa-2", HOUR_AGO, "x");
    assertThat(listing(true, CAPTURED, near).shortIdLength()).isEqualTo(10);
  }

  @Test
  void aPrefixFindsAMessageOrItsDoubleAndNobodysIsRefused() {
    Listing listing = listing(false, CAPTURED, REFERENCE, DOUBLE);
    assertThat(listing.matching(List.of())).hasSize(2);
    assertThat(listing.matching(List.of("bbbbbbbb-1"))).hasSize(1);
    assertThatThrownBy(() -> listing.matching(List.of("aa", "e")))
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "no message id begins with e among the 2 messages that can be seen (there are more:"
                + " --max)");
  }

  @Test
  void whatAPersonSees() {
    assertThat(screen(listing(true, CAPTURED, REFERENCE, FOREIGN, DOUBLE, EXPIRED)))
        .isEqualTo(
            """

            Dead letters of deals (stack utsushi, eu-west-1)
              message     age     left     form       condition         attempts  records  shard       range
              cccccccc-1  2 d     expired  reference  attempts used up         4        1  …-7ce7efdb  50
              aaaaaaaa-1  60 min  13 d     captured   attempts used up         4        2  …-7ce7efdb  100 to …000000000
              bbbbbbbb-2  60 min  23 h     reference  attempts used up         4        1  …-7ce7efdb  300
              dddddddd-1  30 s    13 d     foreign    -                                    -           -

            4 messages, 4 records; 1 double, counted once
                 1 captured   hold their records: they replay until the queue forgets them
                 2 reference  replay for as long as the stream has their records, 24 hours
              1 of these expired: write the table's items again that changed then, and purge
                 1 foreign    not of this table: a replay leaves them; look, then purge

            What is in one:      utsushi dlq show --stack utsushi cccccccc
            What a replay does:  utsushi dlq replay --stack utsushi --dry-run
            """
                .replace("cccccccc-1", "cccccccc")
                .replace("aaaaaaaa-1", "aaaaaaaa")
                .replace("bbbbbbbb-2", "bbbbbbbb")
                .replace("dddddddd-1", "dddddddd")
                .replace("message     age", "message   age"));
  }

  private static Listing listing(boolean complete, Letter... letters) {
    var seen =
        new Peek.Seen<>(
            List.of(letters), complete, new Standing(letters.length, 0, RETENTION), null);
    return Listing.of(seen, NOW);
  }

  private static String screen(Listing listing) {
    var text = new StringWriter();
    new ListScreen(Terminal.plain(new PrintWriter(text, true)), STREAM, listing)
        .show("--stack utsushi");
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
