package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.InIndex;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.operations.deadletters.DeadLetterListing.Cause;
import dev.utsushi.operations.deadletters.DeadLetters;
import dev.utsushi.operations.deadletters.ReplayLoop;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterPrinterTest {
  private final StringWriter text = new StringWriter();
  private final DeadLetterPrinter printer =
      new DeadLetterPrinter(
          Terminal.plain(new PrintWriter(text, true)), DeadLetters.STREAM, "--stack utsushi");

  @Test
  void aListSaysHowMuchTimeIsLeftAndWhatToTypeNext() {
    printer.list(DeadLetters.listing());
    assertThat(screen())
        .isEqualTo(
            """

            Dead letters of deals (stack utsushi, eu-west-1)
              message   age     left     form       condition         attempts  records  shard       range
              cccccccc  2 d     expired  reference  attempts used up         4        1  …-7ce7efdb  50
              aaaaaaaa  60 min  13 d     captured   attempts used up         4        2  …-7ce7efdb  100 to …000000000
              bbbbbbbb  60 min  23 h     reference  attempts used up         4        1  …-7ce7efdb  300
              dddddddd  30 s    13 d     foreign    -                                    -           -

            4 messages, 4 records; 1 duplicate not counted
                 1 captured   hold their records: can be replayed while in the queue
                 2 reference  can be replayed while the stream has their records, 24 hours
              1 of these expired: write the items that changed then again, and purge
                 1 foreign    not of this table, never replayed: show them, then purge

            Why they failed:
                 2 unknown: see the replication function's log
                 1 engine: 503
                 1 not a message from Lambda about a batch of a DynamoDB stream

            Show one:              utsushi dlq show --stack utsushi cccccccc
            See what replay does:  utsushi dlq replay --stack utsushi --dry-run
            """);
  }

  @Test
  void keysAreShownAndItemsOnlyWhenAskedFor() {
    printer.show(DeadLetters.shown(false), false);
    assertThat(screen())
        .contains("d%7C1|%N5", "not of this table's keys", "engine: 503", "after 4 attempts")
        .contains("100 to 20000000000, a batch of 2 records", "2026-11-21T12:00:00Z")
        .contains("duplicates: bbbbbbbb-1", "nothing: its records have expired from the stream")
        .doesNotContain("secret");
    printer.show(DeadLetters.shown(true), true);
    assertThat(screen()).contains("\"secret\":{\"S\":\"s\"}");
  }

  @Test
  void messagesWithOneCauseAreATable() {
    printer.show(DeadLetters.shownOfOneCause(25), false);
    assertThat(screen())
        .contains("25 messages: engine: 503", "age", "d%7C1|%N5")
        .contains("Filtered: 25 records not listed: the stream's filter patterns leave them out")
        .satisfies(text -> assertThat(text.lines()).hasSizeLessThan(25 * 2 + 5));
  }

  @Test
  void aDryRunTellsOfEachOfSeveralIndexes() {
    var indexes =
        List.of(
            new InIndex("deals", true, Kind.APPLIED, null, null, false),
            new InIndex("users", false, Kind.REJECTED, "status 413", null, true));
    var replayed =
        new Replayed(
            "u-1", "1", "v", "MODIFY", null, Kind.REJECTED, "status 413", null, false, indexes);
    var message =
        new ReplayReply.Message(
            "aaaaaaaa-1", Form.CAPTURED, Fate.KEPT, null, null, 1, 1, List.of(replayed), Map.of());
    var reply = new ReplayReply(true, Stopped.EMPTY, List.of(message));
    printer.replays().print(new ReplayLoop.Result(DeadLetters.STREAM, Instant.EPOCH, reply, 0, 1));
    assertThat(screen().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
        .contains(
            "would be|event|changed|index|in the index now|message|key",
            "applied|MODIFY|-|deals (tombstone)|nothing|aaaaaaaa|u-1",
            "rejected|MODIFY|-|users|can't be told|aaaaaaaa|u-1");
  }

  @Test
  void whatAReplayKeepsIsToldByCause() {
    printer.replays().print(DeadLetters.kept(25));
    assertThat(screen())
        .contains("25 messages: rejected: status 413", "and 20 more: --json lists all")
        .satisfies(text -> assertThat(text.lines()).hasSizeLessThan(15));
  }

  @Test
  void whatAMessageSaysOfItsCauseIsEscaped() {
    assertThat(StatusCommand.line(new Cause("bad\u001b[2J", 2, 2))).isEqualTo("  2: bad\\u001b[2J");
  }

  private String screen() {
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
