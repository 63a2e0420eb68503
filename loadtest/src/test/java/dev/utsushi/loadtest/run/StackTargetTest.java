package dev.utsushi.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.testbed.search.SearchApi;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StackTargetTest {
  @Test
  void numbersThatAreNeverDoneHideNoOthers() throws InterruptedException {
    Set<Integer> left = numbers(100);
    // The first ten, a whole page, are never done.
    StackTarget.Check check = page -> page.stream().filter(each -> each >= 10).toList();
    int remaining =
        Standstill.await(() -> StackTarget.sweep(left, 10, check), Duration.ofMillis(400), _ -> {});
    assertThat(left).isEqualTo(numbers(10));
    assertThat(remaining).isEqualTo(10);
  }

  @Test
  void anEngineThatDoesNotAnswerEndsTheSweepAndLosesNothing() throws InterruptedException {
    Set<Integer> left = numbers(25);
    StackTarget.Check check =
        page -> {
          if (page.contains(10)) {
            // Nobody listens there.
            var _ = new SearchApi(URI.create("http://localhost:1")).send("GET", "/", "");
          }
          return page;
        };
    assertThat(StackTarget.sweep(left, 10, check)).isEqualTo(15);
    assertThat(StackTarget.sweep(left, 10, List::copyOf)).isZero();
  }

  @Test
  void allAreCheckedOnce() throws InterruptedException {
    List<Integer> seen = new ArrayList<>();
    StackTarget.Check check =
        page -> {
          seen.addAll(page);
          return List.of();
        };
    assertThat(StackTarget.sweep(numbers(25), 10, check)).isEqualTo(25);
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
  }

  private static Set<Integer> numbers(int count) {
    return new HashSet<>(IntStream.range(0, count).boxed().toList());
  }
}
