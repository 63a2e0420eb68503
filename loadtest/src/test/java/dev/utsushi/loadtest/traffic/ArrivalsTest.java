package dev.utsushi.loadtest.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void constantArrivalsAreEvenlySpaced() {
    assertThat(constant("4/2s"))
        .containsExactly(
            0,
            SECOND / 4,
            SECOND / 2,
            3 * SECOND / 4,
            SECOND,
            5 * SECOND / 4,
            6 * SECOND / 4,
            7 * SECOND / 4);
  }

  @ParameterizedTest
  @CsvSource({"63/30s, 1890", "63/60s, 3780", "20/7s, 140", "0.5/10s, 5", "333/10s, 3330"})
  void theNumberOfConstantArrivalsFollowsFromTheRate(String profile, int writes) {
    assertThat(constant(profile)).hasSize(writes);
  }

  @Test
  void stepsFollowOneAnother() {
    long[] times = constant("10/10s,100/1s,10/10s");
    assertThat(times).hasSize(300).isSorted();
    assertThat(between(times, 10 * SECOND, 11 * SECOND)).isEqualTo(100);
    assertThat(between(times, 0, 10 * SECOND)).isEqualTo(100);
  }

  @Test
  void aRampGrowsEvenly() {
    long[] times = constant("0..100/10s");
    assertThat(times).hasSize(500).isSorted();
    // The area under the ramp up to that time is half of rate times time.
    assertThat(between(times, 0, 5 * SECOND)).isCloseTo(125, within(1L));
    assertThat(between(times, 9 * SECOND, 10 * SECOND)).isCloseTo(95, within(1L));
    long[] down = constant("100..0/10s");
    assertThat(between(down, 0, 5 * SECOND)).isCloseTo(375, within(1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"200/100s", "100..300/100s", "0..400/100s"})
  void poissonArrivalsHaveTheRateAndItsVariance(String profile) {
    long[] times = poisson(profile, 7);
    assertThat(times).isSorted();
    assertThat(times.length).isBetween(20_000 - 600, 20_000 + 600);
  }

  @Test
  void poissonArrivalsAreIndependent() {
    long[] times = poisson("100/1000s", 3);
    double[] perSecond = new double[1000];
    for (long each : times) {
      perSecond[(int) (each / SECOND)]++;
    }
    double mean = times.length / 1000.0;
    double variance = 0;
    for (double each : perSecond) {
      variance += (each - mean) * (each - mean) / 999;
    }
    // In a Poisson process both are the same.
    assertThat(variance).isCloseTo(mean, within(15.0));
    double gaps = 0;
    for (int i = 1; i < times.length; i++) {
      gaps += times[i] - times[i - 1] > SECOND / 100 ? 1 : 0;
    }
    assertThat(gaps / times.length).isCloseTo(Math.exp(-1), within(0.01));
  }

  @Test
  void theSameSeedGivesTheSameTimesAndAnotherSeedOthers() {
    assertThat(poisson("20..63/60s", 5)).isEqualTo(poisson("20..63/60s", 5));
    assertThat(poisson("20..63/60s", 5)).isNotEqualTo(poisson("20..63/60s", 6));
  }

  @Test
  void theFirstTimesOfASeedNeverChange() {
    // Comparisons of runs rely on it.
    assertThat(LongStream.of(poisson("63/1s", 1)).limit(3)).containsExactly(FIRST_TIMES);
  }

  private static final Long[] FIRST_TIMES = {13_269_929L, 35_009_011L, 91_208_287L};

  @Test
  void aProfileIsParsedAndPrinted() {
    var profile = ArrivalProfile.parse("20, 20..200/1.5m,63.5/10s", Duration.ofSeconds(60));
    assertThat(profile).hasToString("20/60s,20..200/90s,63.5/10s");
    assertThat(ArrivalProfile.parse(profile.toString(), Duration.ZERO)).isEqualTo(profile);
    assertThat(profile.duration()).isEqualTo(Duration.ofSeconds(160));
    assertThat(profile.expected()).isEqualTo(1200 + 9900 + 635);
    assertThat(profile.peakPerSecond()).isEqualTo(200);
    assertThat(profile.after(Duration.ofSeconds(5))).asString().startsWith("20/5s,20/60s");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          x         | 'x' is not a rate such as 63, 63/30s or 20..200/60s
          -5        | '-5' is not a rate such as 63, 63/30s or 20..200/60s
          0         | a rate must be above 0
          0/5s      | a rate must be above 0
          63/       | '63/' is not a rate such as 63, 63/30s or 20..200/60s
          63/5      | '5' is not a duration such as 40ms or 1.5s
          63/0s     | traffic must last more than 0 s and at most 24 h
          63/25h    | traffic must last more than 0 s and at most 24 h
          63,       | '' is not a rate such as 63, 63/30s or 20..200/60s
          200000    | a rate must be 0 to 100000 writes per second, not 200000.0
          """)
  void otherTextIsRefused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ArrivalProfile.parse(text, Duration.ofSeconds(1)))
        .withMessage(message);
  }

  private static long between(long[] times, long from, long until) {
    return LongStream.of(times).filter(time -> time >= from && time < until).count();
  }

  private static long[] constant(String profile) {
    return times(profile, ArrivalPattern.CONSTANT, 1);
  }

  private static long[] poisson(String profile, long seed) {
    return times(profile, ArrivalPattern.POISSON, seed);
  }

  private static long[] times(String profile, ArrivalPattern pattern, long seed) {
    var arrivals =
        new Arrivals(ArrivalProfile.parse(profile, Duration.ofSeconds(1)), pattern, seed);
    Iterable<Long> each = () -> arrivals;
    return StreamSupport.stream(each.spliterator(), false).mapToLong(Long::longValue).toArray();
  }
}
