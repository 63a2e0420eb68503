package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.index.Deadline;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private Instant now = Instant.EPOCH;

  @Test
  void withoutARateNothingWaits() {
    Replay.Pace pace = new Replay.Pace(0, () -> now);
    pace.count(1_000_000);
    assertThat(pace.await(in(Duration.ZERO))).isTrue();
    assertThat(pace.most(10)).isEqualTo(10);
  }

  @Test
  void aRateIsKept() {
    Replay.Pace pace = new Replay.Pace(4, () -> now);
    assertThat(pace.most(10)).isEqualTo(4);
    assertThat(pace.most(2)).isEqualTo(2);
    pace.count(4);
    assertThat(pace.await(in(Duration.ofMillis(999)))).isFalse();
    now = now.plusSeconds(1);
    assertThat(pace.await(in(Duration.ZERO))).isTrue();
    assertThat(new Replay.Pace(0.1, () -> now).most(10)).isEqualTo(1);
  }

  private Deadline in(Duration time) {
    return new Deadline(now.plus(time), () -> now, _ -> {});
  }
}
