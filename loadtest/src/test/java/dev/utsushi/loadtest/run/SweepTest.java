package dev.utsushi.loadtest.run;

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
    // The first ten, a whole page, are never done.
    var sweep = new Sweep(left, 10, page -> page.stream().filter(each -> each >= 10).toList());
    int remaining = Standstill.await(sweep::step, Duration.ofMillis(400), _ -> {});
    assertThat(left).isEqualTo(numbers(10));
    assertThat(remaining).isEqualTo(10);
  }

  @Test
  void allAreCheckedOnce() throws InterruptedException {
    List<Integer> seen = new ArrayList<>();
    var sweep =
        new Sweep(
            numbers(25),
            10,
            page -> {
              seen.addAll(page);
              return List.of();
            });
    sweep.once();
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
  }

  private static BitSet numbers(int count) {
    BitSet numbers = new BitSet();
    numbers.set(0, count);
    return numbers;
  }
}
