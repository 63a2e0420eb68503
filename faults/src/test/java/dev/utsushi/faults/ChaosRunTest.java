package dev.utsushi.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChaosRunTest {
  @Test
  void progressNeverExceedsThePlan() {
    Duration planned = Duration.ofSeconds(10);
    assertThat(ChaosRun.injecting(Duration.ofSeconds(4), planned))
        .isEqualTo("injecting faults, 4 of 10 s");
    assertThat(ChaosRun.injecting(Duration.ofSeconds(19), planned))
        .isEqualTo("injecting faults, 10 of 10 s");
  }
}
