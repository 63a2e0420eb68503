package dev.utsushi.operations.deadletters;

import static dev.utsushi.operations.deadletters.DeadLetters.HOUR_AGO;
import static dev.utsushi.operations.deadletters.DeadLetters.RETENTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.operations.deadletters.MessageView.Received;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterListingTest {
  @Test
  void theOldestFailureComesFirstAndADuplicateCountsOnce() {
    DeadLetterListing listing = DeadLetters.listing();
    assertThat(listing.messages().stream().map(MessageView::messageId))
        .containsExactly("cccccccc-1", "aaaaaaaa-1", "bbbbbbbb-2", "dddddddd-1");
    assertThat(listing.messages().get(2).copies()).containsExactly("bbbbbbbb-1");
    assertThat(listing.totals().doubles()).isEqualTo(1);
    assertThat(listing.totals().records()).isEqualTo(4);
    assertThat(listing.totals().expired()).isEqualTo(1);
  }

  @Test
  void aReferenceExpiresWithTheStreamAndACapturedMessageWithTheQueue() {
    assertThat(forgottenAt(DeadLetters.captured(), RETENTION)).isEqualTo(HOUR_AGO.plus(RETENTION));
    assertThat(forgottenAt(DeadLetters.reference(), RETENTION))
        .isEqualTo(HOUR_AGO.plus(Duration.ofHours(24)));
    assertThat(forgottenAt(DeadLetters.reference(), Duration.ofHours(2)))
        .isEqualTo(HOUR_AGO.plus(Duration.ofHours(2)));
  }

  private static Instant forgottenAt(Received message, Duration retention) {
    return MessageView.of(message, List.of(), DeadLetters.NOW, retention).forgottenAt();
  }

  @Test
  void aListingKeepsNoRecords() {
    var captured = (DeadLetter.Captured) DeadLetters.listing().messages().get(1).letter();
    assertThat(captured.records()).isEmpty();
    assertThat(DeadLetters.captured().message().body()).isEmpty();
  }

  @Test
  void aPrefixFindsAMessageOrItsDuplicateAndAnUnknownOneIsRefused() {
    DeadLetterListing listing =
        DeadLetters.listing(
            false, DeadLetters.captured(), DeadLetters.reference(), DeadLetters.duplicate());
    assertThat(listing.matching(List.of())).hasSize(2);
    assertThat(listing.matching(List.of("bbbbbbbb-1"))).hasSize(1);
    assertThatThrownBy(() -> listing.matching(List.of("aa", "e")))
        .isInstanceOf(OperationException.class)
        .hasMessage(
            "no message id begins with e among the 2 messages of the queue (there are more:"
                + " raise --max)");
  }

  @Test
  void anAmbiguousPrefixIsNotPurged() {
    DeadLetterListing listing =
        DeadLetters.listing(
            true,
            DeadLetters.captured(),
            DeadLetters.entry("aaaaaaaa-2", HOUR_AGO, "{}"),
            DeadLetters.foreign());
    assertThatThrownBy(() -> Purge.select(listing, List.of("aaaaaaaa"), Duration.ZERO))
        .isInstanceOf(OperationException.class)
        .hasMessage("aaaaaaaa begins the ids of 2 messages: give more of the id");
    assertThat(Purge.select(listing, List.of("aaaaaaaa-1", "d"), Duration.ZERO)).hasSize(2);
    assertThat(Purge.select(listing, List.of(), Duration.ofMinutes(30))).hasSize(2);
  }

  @Test
  void progressNeverExceedsWhatTheQueueHas() {
    assertThat(DeadLetterScan.progress(1, 7)).isEqualTo("read 1 of about 7 messages");
    assertThat(DeadLetterScan.progress(7, 1)).isEqualTo("read 7 of about 7 messages");
  }
}
