package dev.utsushi.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InvocationTimeTest {
  @Test
  void aConstantTimeIsConstant() {
    var time = InvocationTime.constant(Duration.ofMillis(40)).withPerRecord(Duration.ofMillis(2));
    assertThat(time.draw(1, new SplittableRandom(1))).isEqualTo(40_000_000);
    assertThat(time.draw(11, new SplittableRandom(1))).isEqualTo(60_000_000);
    assertThat(time.mean(11)).isEqualTo(Duration.ofMillis(60));
    assertThat(time.recordsPerSecond(11)).isCloseTo(11 / 0.06, within(0.001));
  }

  @Test
  void drawnTimesHaveTheGivenPercentiles() {
    double[] millis =
        draws(InvocationTime.percentiles(Duration.ofMillis(38), Duration.ofMillis(120)));
    assertThat(millis[millis.length / 2]).isCloseTo(38, within(1.0));
    assertThat(millis[millis.length * 99 / 100]).isCloseTo(120, within(5.0));
    // The mean of a log-normal is the median times e to the power of half of sigma squared.
    double sigma = Math.log(120.0 / 38) / 2.326348;
    assertThat(Arrays.stream(millis).average().orElseThrow())
        .isCloseTo(38 * Math.exp(sigma * sigma / 2), within(0.7));
  }

  @Test
  void aMeasuredDistributionIsLinearBetweenItsPercentiles() {
    var time =
        InvocationTime.measured(
            Map.of(
                0.0,
                Duration.ofMillis(10),
                50.0,
                Duration.ofMillis(20),
                100.0,
                Duration.ofMillis(60)));
    double[] millis = draws(time);
    assertThat(millis[millis.length / 4]).isCloseTo(15, within(0.5));
    assertThat(millis[millis.length * 3 / 4]).isCloseTo(40, within(1.5));
    assertThat(millis[0]).isGreaterThanOrEqualTo(10);
    assertThat(millis[millis.length - 1]).isLessThanOrEqualTo(60);
    assertThat(time.mean(1).toNanos() / 1e6).isCloseTo(27.5, within(0.01));
  }

  @Test
  void impossibleTimesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InvocationTime.percentiles(Duration.ofMillis(40), Duration.ofMillis(30)))
        .withMessage("p99 of an invocation must not be below its p50");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InvocationTime.constant(Duration.ZERO))
        .withMessage("time of an invocation must be above 0");
  }

  private static double[] draws(InvocationTime time) {
    var random = new SplittableRandom(5);
    double[] millis = new double[20_000];
    Arrays.setAll(millis, _ -> time.draw(1, random) / 1e6);
    Arrays.sort(millis);
    return millis;
  }
}
