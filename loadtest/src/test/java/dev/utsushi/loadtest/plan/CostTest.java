package dev.utsushi.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.utsushi.loadtest.plan.FunctionPricing.Architecture;
import dev.utsushi.loadtest.plan.Prices.Price;
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
    // 100 invocations of 40 ms per second with 1 GB, for 2,628,000 s.
    var pricing = new FunctionPricing(PRICES, Architecture.ARM64, 1024);
    double requests = pricing.perMonth(100, 0);
    double compute = pricing.perMonth(0, 4);
    assertThat(requests).isCloseTo(262.8 * 0.20, within(0.001));
    assertThat(compute).isCloseTo(4 * 2_628_000 * 0.0000133334, within(0.001));
    assertThat(pricing.perMonth(100, 4)).isCloseTo(requests + compute, within(1e-9));
  }

  @Test
  void costDependsOnMemoryAndArchitecture() {
    double arm = compute(Architecture.ARM64, 512);
    assertThat(compute(Architecture.ARM64, 1024)).isCloseTo(2 * arm, within(1e-9));
    assertThat(compute(Architecture.X86_64, 512)).isCloseTo(arm * 1.25, within(0.01));
  }

  private static double compute(Architecture architecture, int memory) {
    return new FunctionPricing(PRICES, architecture, memory).perMonth(0, 1);
  }

  @ParameterizedTest
  @CsvSource({"127", "10241", "-1"})
  void aMemorySizeOutsideLambdasRangeIsRefused(int memory) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FunctionPricing(PRICES, Architecture.ARM64, memory))
        .withMessage("memory must be 128 to 10240 MiB, not " + memory);
  }

  @ParameterizedTest
  @CsvSource({"200, 1024, 1", "1000, 1024, 1", "1001, 1024, 2", "100, 20480, 2", "0.5, 1024, 1"})
  void kinesisNeedsShardsForRecordsAndForBytes(double rate, int bytes, int shards) {
    assertThat(KinesisCost.of(rate, bytes, PRICES).shards()).isEqualTo(shards);
  }

  @Test
  void kinesisCostsCaptureShardsAndPuts() {
    // 100 changes of 2 KB per second: 262.8 million per month, 501.25 GB.
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
    assertThat(new FunctionPricing(prices, Architecture.ARM64, 1024).perMonth(100, 0))
        .isCloseTo(262.8 * 0.40, within(0.001));
    assertThat(prices.of(Price.KINESIS_SHARD_HOUR)).isEqualTo(0.015);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          lambda-milion-requests=1   | 'lambda-milion-requests' is not a price; known prices: lambda-million-requests
          lambda-million-requests=x  | price lambda-million-requests must be a number, not 'x'
          lambda-million-requests=-1 | price lambda-million-requests must be 0 or more, not -1.0
          """)
  void aFileWithAnUnknownKeyOrABadValueIsRefused(
      String line, String message, @TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("prices"), line);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prices.read(file))
        .withMessageStartingWith(message);
  }

  @Test
  void aMissingFileIsReported(@TempDir Path directory) {
    Path file = directory.resolve("gone");
    Assertions.assertThatThrownBy(() -> Prices.read(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot read " + file);
  }
}
