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
  void aShortRunHasEveryFaultOfItsConsumerAtLeastOnce(long seed) {
    for (boolean workers : List.of(false, true)) {
      assertThat(slots(seed, workers))
          .extracting(Slot::fault)
          .containsAll(Fault.all(workers))
          .isSubsetOf(Fault.all(workers));
    }
  }

  @Test
  void theSeedDecidesEverything() {
    assertThat(slots(1, false)).isEqualTo(slots(1, false)).isNotEqualTo(slots(2, false));
  }

  private static List<Slot> slots(long seed, boolean workers) {
    return FaultSchedule.of(seed, DURATION, workers).lanes().values().stream()
        .flatMap(List::stream)
        .toList();
  }
}
