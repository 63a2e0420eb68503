package dev.utsushi.cli.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.outbox.Receiver.Received;
import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

class OutboxVerdictTest {
  private static OutboxVerdict verdict(Set<String> committed, String... received) {
    return OutboxVerdict.of(committed, Stream.of(received).map(OutboxVerdictTest::event).toList());
  }

  private static Received event(String place) {
    var key = new EventKey(place.substring(0, 1), Long.parseLong(place.substring(1)));
    var payload = SdkBytes.fromUtf8String("{}");
    return new Received(
        new OutboxEvent(place, "t", key, payload, "application/json", Map.of(), Instant.EPOCH), 0);
  }

  @Test
  void everythingInOrder() {
    assertThat(verdict(Set.of("a1", "a2", "b1"), "a1", "b1", "a2"))
        .isEqualTo(new OutboxVerdict(3, 0, 0, 0, 0))
        .matches(OutboxVerdict::isGood);
  }

  @Test
  void aDuplicateIsCountedAndAllowedEvenAfterALaterEvent() {
    assertThat(verdict(Set.of("a1", "a2"), "a1", "a2", "a1"))
        .isEqualTo(new OutboxVerdict(2, 0, 0, 0, 1))
        .matches(OutboxVerdict::isGood);
  }

  @Test
  void aMissingEvent() {
    assertThat(verdict(Set.of("a1", "a2"), "a1").missing()).isEqualTo(1);
    assertThat(verdict(Set.of("a1", "a2"), "a1").isGood()).isFalse();
  }

  @Test
  void anEventThatWasNotCommitted() {
    assertThat(verdict(Set.of("a1"), "a1", "a2").uncommitted()).isEqualTo(1);
    assertThat(verdict(Set.of("a1"), "a1", "a2").isGood()).isFalse();
  }

  @Test
  void eventsOutOfOrder() {
    assertThat(verdict(Set.of("a1", "a2"), "a2", "a1").outOfOrder()).isEqualTo(2);
    assertThat(verdict(Set.of("a1", "a2"), "a2", "a1").isGood()).isFalse();
  }

  @Test
  void nothingAtAll() {
    assertThat(OutboxVerdict.of(Set.of(), List.of()).isGood()).isTrue();
  }
}
