package dev.utsushi.loadtest.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.units.LagHistogram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationMeasurementTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit fills it
  private Path directory;

  @Test
  void aWrittenMeasurementIsRead() throws IOException {
    var times = new LagHistogram();
    for (int i = 1; i <= 1000; i++) {
      times.record(Duration.ofMillis(30).toNanos() + i * 50_000L);
    }
    var measured = InvocationMeasurement.of(times, 2.5);
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("something", "else");
    json.set(InvocationMeasurement.MEMBER, new ObjectMapper().valueToTree(measured));
    Path file = Files.writeString(directory.resolve("result.json"), json.toString());

    assertThat(InvocationMeasurement.read(file)).isEqualTo(measured);
    assertThat(millis(measured, 50.0)).isCloseTo(55, within(0.1));
    assertThat(millis(measured, 100.0)).isCloseTo(80, within(0.1));
  }

  @Test
  void theTimeOfOneRecordExcludesTheOthers() {
    var measured = new InvocationMeasurement(11, new TreeMap<>(Map.of(50.0, 60.0)));
    var time = measured.time(Duration.ofMillis(2));
    assertThat(time.mean(1)).isEqualTo(Duration.ofMillis(40));
    assertThat(time.mean(11)).isEqualTo(Duration.ofMillis(60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"invocation\":{}}",
        "{\"invocation\":{\"records\":0,\"percentilesMillis\":{\"50\":40}}}",
        "{\"invocation\":{\"percentilesMillis\":{\"p50\":40}}}",
        "{\"invocation\":"
      })
  void anythingElseIsRefused(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("other.json"), content);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InvocationMeasurement.read(file))
        .withMessage(file + " is no result of a load test");
  }

  private static double millis(InvocationMeasurement measured, double percentile) {
    return Objects.requireNonNull(measured.percentilesMillis().get(percentile));
  }
}
