package dev.utsushi.outbox.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.outbox.LocalOutbox;
import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventTableIT {
  private LocalOutbox local;
  private EventTable table;
  private int test;
  private String key;

  @BeforeAll
  void start() {
    local = new LocalOutbox();
    table = local.table();
  }

  @AfterAll
  void stop() {
    local.close();
  }

  @BeforeEach
  void newKey() {
    key = "wallet-" + test++;
  }

  private List<Long> index() {
    return table.look().stream()
        .filter(event -> event.place().key().equals(key))
        .map(event -> event.place().sequence())
        .toList();
  }

  @Test
  void aNewEventIsInTheIndex() {
    local.commit(key, 1, 3);
    assertThat(index()).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(local.event(key, 1).row().state()).isEqualTo(Written.NEW);
  }

  @Test
  void aPlaceIsTakenOnlyOnce() {
    local.commit(key, 1, 1);
    assertThatThrownBy(() -> local.commit(key, 1, 1))
        .isInstanceOf(TransactionCanceledException.class);
  }

  /** A known mistake: an index that keeps published rows grows for ever. */
  @Test
  void aPublishedEventLeavesTheIndexAndExpires() {
    local.commit(key, 1, 2);
    assertThat(table.mark(new EventKey(key, 1))).isTrue();
    assertThat(index()).containsExactly(2L);
    assertThat(local.event(key, 1).row().state()).isEqualTo(new Marked());
    assertThat(local.item(key, 1)).containsKey("expires").doesNotContainKeys("shard", "stamp");
    assertThat(local.item(key, 2)).doesNotContainKey("expires");
    assertThat(table.mark(new EventKey(key, 1))).as("marked again").isFalse();
  }

  @Test
  void anEventThatDoesNotExistIsNotMarked() {
    assertThat(table.mark(new EventKey(key, 9))).isFalse();
    assertThat(table.get(new EventKey(key, 9))).isEmpty();
  }

  @Test
  void onlyOneOfTwoClaimsIsMade() {
    local.commit(key, 1, 1);
    StoredEvent read = local.event(key, 1);
    var claimed = table.write(read, read.row().state().claimed()).orElseThrow();
    assertThat(claimed).isEqualTo(local.event(key, 1));
    assertThat(claimed.row().state()).isEqualTo(new Leased(1, 0));
    assertThat(table.write(read, read.row().state().claimed())).isEmpty();
    assertThat(table.write(claimed, new Written(1, 1))).isPresent();
  }

  @Test
  void aMarkEndsTheClaimOfAnother() {
    local.commit(key, 1, 1);
    StoredEvent read = local.event(key, 1);
    var claimed = table.write(read, new Leased(1, 0)).orElseThrow();
    assertThat(table.mark(new EventKey(key, 1))).isTrue();
    assertThat(table.write(claimed, new Written(1, 1))).isEmpty();
    assertThat(local.event(key, 1).row().state()).isEqualTo(new Marked());
  }

  @Test
  void parkedAndWaitingEventsAreOutOfThePollersWay() {
    local.commit(key, 1, 2);
    assertThat(table.write(local.event(key, 1), new Parked(3))).isPresent();
    assertThat(table.write(local.event(key, 2), new Waiting())).isPresent();
    assertThat(index()).isEmpty();
    assertThat(table.parked()).extracting(OpenEvent::place).contains(new EventKey(key, 1));
    assertThat(table.allWaiting()).extracting(OpenEvent::place).contains(new EventKey(key, 2));
    assertThat(table.discard(local.event(key, 1))).isTrue();
    assertThat(local.event(key, 1).row().state()).isEqualTo(new Discarded());
    assertThat(table.parked()).extracting(OpenEvent::place).doesNotContain(new EventKey(key, 1));
  }

  @Test
  void waitingEventsAreReadInPages() {
    local.commit(key, 1, 5);
    for (long i = 1; i <= 5; i++) {
      assertThat(table.write(local.event(key, i), new Waiting())).isPresent();
    }
    int all = table.allWaiting().size();
    List<OpenEvent> first = table.waiting(null, all - 2);
    assertThat(table.waiting(first.getLast(), 100)).hasSize(2).doesNotContainAnyElementsOf(first);
  }

  @Test
  void readsTheEventsBeforeAndAfterAPlace() {
    local.commit(key, 2, 4);
    local.commit(key, 9, 9);
    assertThat(table.upTo(new EventKey(key, 9), 3))
        .extracting(event -> event.row().sequence())
        .containsExactly(9L, 4L, 3L);
    assertThat(table.after(new EventKey(key, 4)).orElseThrow().row().sequence()).isEqualTo(9);
    assertThat(table.after(new EventKey(key, 9))).isEmpty();
  }

  /**
   * A known mistake: the hash of this key is the least integer, whose absolute value is negative.
   */
  @Test
  void everyKeyHasAShardThatIsLookedAt() {
    key = "polygenelubricants";
    assertThat(key.hashCode()).isEqualTo(Integer.MIN_VALUE);
    local.commit(key, 1, 1);
    assertThat(index()).containsExactly(1L);
    IntStream.range(0, 1000)
        .forEach(i -> assertThat(Integer.parseInt(OutboxSchema.shard("k" + i))).isBetween(0, 7));
  }
}
