package dev.utsushi.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostTest {
  private static final Prices PRICES = Prices.usEast1();

  @Test
  void aFunctionCostsItsRequestsAndItsGigabyteSeconds() {
    // 100 invocations of 40 ms a second with 1 GB, for 2,628,000 s.
    var cost = MonthlyCost.of(100, 4, 1024, Architecture.ARM64, PRICES);
    assertThat(cost.requests()).isCloseTo(262.8 * 0.20, within(0.001));
    assertThat(cost.compute()).isCloseTo(4 * 2_628_000 * 0.0000133334, within(0.001));
    assertThat(cost.total()).isEqualTo(cost.requests() + cost.compute());
  }

  @Test
  void memoryAndArchitectureCount() {
    double arm = MonthlyCost.of(0, 1, 512, Architecture.ARM64, PRICES).compute();
    assertThat(MonthlyCost.of(0, 1, 1024, Architecture.ARM64, PRICES).compute())
        .isCloseTo(2 * arm, within(1e-9));
    assertThat(MonthlyCost.of(0, 1, 512, Architecture.X86_64, PRICES).compute())
        .isCloseTo(arm * 1.25, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({"127", "10241", "-1"})
  void memoryThatLambdaDoesNotHaveIsRefused(int memory) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MonthlyCost.of(1, 1, memory, Architecture.ARM64, PRICES))
        .withMessage("memory takes 128 to 10240 MiB, not " + memory);
  }

  @ParameterizedTest
  @CsvSource({"200, 1024, 1", "1000, 1024, 1", "1001, 1024, 2", "100, 20480, 2", "0.5, 1024, 1"})
  void kinesisNeedsShardsForRecordsAndForBytes(double rate, int bytes, int shards) {
    assertThat(KinesisCost.of(rate, bytes, PRICES).shards()).isEqualTo(shards);
  }

  @Test
  void kinesisCostsCaptureShardsAndPuts() {
    // 100 changes a second of 2 KB: 262.8 million a month, 501.25 GB.
    var cost = KinesisCost.of(100, 2048, PRICES);
    double capture = 2 * 262.8 * 0.10;
    assertThat(cost.provisioned()).isCloseTo(capture + 730 * 0.015 + 262.8 * 0.014, within(0.01));
    assertThat(cost.onDemand())
        .isCloseTo(capture + 730 * 0.04 + 501.25 * (0.08 + 0.04), within(0.01));
  }

  @Test
  void aFileOverridesPrices(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("prices");
    Files.writeString(file, "source=Tokyo\nlambda-million-requests=0.40\n");
    Prices prices = Prices.read(file);
    assertThat(prices.source()).isEqualTo("Tokyo");
    assertThat(MonthlyCost.of(100, 0, 1024, Architecture.ARM64, prices).total())
        .isCloseTo(262.8 * 0.40, within(0.001));
    assertThat(prices.of(Price.KINESIS_SHARD_HOUR)).isEqualTo(0.015);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          lambda-milion-requests=1   | 'lambda-milion-requests' is no price; there are lambda-million-requests
          lambda-million-requests=x  | price lambda-million-requests takes a number, not 'x'
          lambda-million-requests=-1 | price lambda-million-requests can't be -1.0
          """)
  void aFileWithSomethingElseIsRefused(String line, String message, @TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("prices"), line);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prices.read(file))
        .withMessageStartingWith(message);
  }

  @Test
  void aFileThatIsNotThereIsSaidSo(@TempDir Path directory) {
    Path file = directory.resolve("gone");
    Assertions.assertThatThrownBy(() -> Prices.read(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(file + " can't be read");
  }
}
