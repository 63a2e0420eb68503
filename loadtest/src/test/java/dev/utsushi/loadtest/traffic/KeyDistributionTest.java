package dev.utsushi.loadtest.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDistributionTest {
  private static final int DRAWS = 200_000;

  @Test
  void uniformKeysAreEquallyLikely() {
    assertThat(counts("uniform:10"))
        .hasSize(10)
        .allSatisfy(count -> assertThat(count).isCloseTo(DRAWS / 10, within(800)));
  }

  @Test
  void newKeysAreNeverTheSame() {
    var keys = KeyDistribution.parse("new").draws(1);
    assertThat(IntStream.range(0, 1000).map(_ -> keys.getAsInt()).distinct().count())
        .isEqualTo(1000);
    assertThat(KeyDistribution.parse("new")).hasToString("new");
  }

  @Test
  void zipfKeysFallWithTheirRank() {
    Integer[] counts = counts("zipf:100,1");
    double harmonic = IntStream.rangeClosed(1, 100).mapToDouble(i -> 1.0 / i).sum();
    for (int i : new int[] {0, 1, 2, 9, 99}) {
      assertThat(counts[i] / (double) DRAWS).isCloseTo(1 / harmonic / (i + 1), within(0.005));
    }
  }

  @Test
  void aZipfExponentOfZeroIsUniform() {
    assertThat(counts("zipf:10,0"))
        .allSatisfy(count -> assertThat(count).isCloseTo(DRAWS / 10, within(800)));
  }

  @Test
  void theHotKeyTakesItsShareAndTheOthersTheRestEvenly() {
    Integer[] counts = counts("hot:11,0.5");
    assertThat(counts[0]).isCloseTo(DRAWS / 2, within(1000));
    for (int i = 1; i < 11; i++) {
      assertThat(counts[i]).isCloseTo(DRAWS / 20, within(600));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform:1", "zipf:1,1.1", "hot:1,0.3"})
  void oneKeyIsAlwaysThatKey(String distribution) {
    assertThat(counts(distribution)).containsExactly(DRAWS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform:5000", "zipf:5000,1.1", "hot:5000,0.05"})
  void theSameSeedGivesTheSameKeysAndAnotherSeedOthers(String distribution) {
    assertThat(draws(distribution, 3)).isEqualTo(draws(distribution, 3));
    assertThat(draws(distribution, 3)).isNotEqualTo(draws(distribution, 4));
    assertThat(KeyDistribution.parse(distribution)).hasToString(distribution);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          x              | 'x' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05
          uniform        | 'uniform' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05
          uniform:many   | 'uniform:many' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05
          zipf:10        | 'zipf:10' is not a distribution such as uniform:100000, zipf:10000,1.1 or hot:10000,0.05
          uniform:0      | the number of keys must be 1 to 2,000,000, not 0
          hot:10,1.5     | the share of hot must be 0 to 1, not 1.5
          hot:10,NaN     | the share of hot must be 0 to 1, not NaN
          zipf:10,-1     | the exponent of zipf must be 0 to 5, not -1.0
          """)
  void otherTextIsRefused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyDistribution.parse(text))
        .withMessage(message);
  }

  private static Integer[] counts(String distribution) {
    var parsed = KeyDistribution.parse(distribution);
    var keys = parsed.draws(11);
    Integer[] counts = new Integer[parsed.keys()];
    Arrays.fill(counts, 0);
    for (int i = 0; i < DRAWS; i++) {
      counts[keys.getAsInt()]++;
    }
    return counts;
  }

  private static int[] draws(String distribution, long seed) {
    return IntStream.generate(KeyDistribution.parse(distribution).draws(seed))
        .limit(1000)
        .toArray();
  }
}
