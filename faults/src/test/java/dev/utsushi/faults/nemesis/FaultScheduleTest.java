package dev.utsushi.faults.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.faults.nemesis.FaultSchedule.Slot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultScheduleTest {
  private static final Duration DURATION = Duration.ofSeconds(10);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aShortRunHasEveryFaultAtLeastOnce(long seed) {
    assertThat(slots(seed)).extracting(Slot::fault).contains(Fault.values());
  }

  @Test
  void theSeedDecidesEverything() {
    assertThat(slots(1)).isEqualTo(slots(1)).isNotEqualTo(slots(2));
  }

  private static List<Slot> slots(long seed) {
    return FaultSchedule.of(seed, DURATION).lanes().values().stream()
        .flatMap(List::stream)
        .toList();
  }
}
