package dev.utsushi.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepTest {
  @Test
  void whatIsNeverDoneHidesNoOther() throws InterruptedException {
    BitSet left = numbers(100);
    // The first ten, a whole look, are never done.
    var sweep = new Sweep(left, looked -> looked.stream().filter(each -> each >= 10).toList(), 10);
    sweep.run(Duration.ofMillis(300), _ -> {});
    assertThat(left).isEqualTo(numbers(10));
  }

  @Test
  void allAreLookedAtOnce() throws InterruptedException {
    List<Integer> seen = new ArrayList<>();
    var sweep =
        new Sweep(
            numbers(25),
            looked -> {
              seen.addAll(looked);
              return List.of();
            },
            10);
    sweep.once();
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
  }

  private static BitSet numbers(int count) {
    BitSet numbers = new BitSet();
    numbers.set(0, count);
    return numbers;
  }
}
