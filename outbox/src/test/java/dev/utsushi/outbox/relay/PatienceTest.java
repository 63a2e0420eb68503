package dev.utsushi.outbox.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  @Test
  void waitsLongerAfterEachAttempt() {
    assertThat(Patience.FALLBACK.with(Written.NEW)).isEqualTo(Duration.ofSeconds(10));
    assertThat(Patience.ALONE.with(Written.NEW)).isZero();
    assertThat(Patience.FALLBACK.with(new Written(1, 0))).isEqualTo(Duration.ofSeconds(5));
    assertThat(Patience.FALLBACK.with(new Written(3, 0))).isEqualTo(Duration.ofSeconds(20));
    assertThat(Patience.FALLBACK.with(new Written(1_000_000, 0))).isEqualTo(Duration.ofMinutes(2));
    assertThat(Patience.FALLBACK.with(new Leased(1, 0))).isEqualTo(Duration.ofSeconds(30));
    assertThat(Patience.FALLBACK.with(new Waiting())).isZero();
  }
}
