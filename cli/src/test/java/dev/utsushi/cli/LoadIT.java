package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load tests as their user runs them: by the launcher, on real servers. */
class LoadIT {
  @TempDir private Path directory = Path.of("");

  @Test
  void everyWriteArrivesAndTheReportAddsUp() throws Exception {
    try (var load =
        load(
            "--rate",
            "15",
            "--seconds",
            "6",
            "--factor",
            "2",
            "--targets",
            "2",
            "--item-size",
            "100..4000",
            "--warm-up",
            "1s")) {
      assertThat(load.exitCode()).isZero();
      assertThat(load.lines())
          .anyMatch(line -> line.matches("table and index are equal: [\\d,]+ items, .*"))
          .anyMatch(line -> line.startsWith("Report: "));
    }
    JsonNode result = result();
    int planned = result.at("/counts/planned").asInt();
    assertThat(planned).isBetween(50, 140);
    for (String count : new String[] {"sent", "acknowledged", "indexed"}) {
      assertThat(result.at("/counts/" + count).asInt()).as(count).isEqualTo(planned);
    }
    assertThat(result.at("/settings/targets").asInt()).isEqualTo(2);
    assertThat(result.at("/lag/indexed/count").asInt()).isEqualTo(planned);
    assertThat(sum(result, "planned")).isEqualTo(planned);
    assertThat(sum(result, "indexed")).isEqualTo(planned);
    assertThat(result.at("/counts/missing").asInt()).isZero();
    assertThat(result.at("/counts/notFoundBySearch").asInt()).isZero();
    assertThat(result.at("/counts/invocations").asInt()).isGreaterThanOrEqualTo(planned);
    assertThat(result.at("/counts/failedInvocations").asInt()).isZero();
    assertThat(result.at("/lag/searchable/count").asInt()).isPositive();
    // The waits are real: no invocation is shorter than 40 ms, up to the clock's resolution.
    assertThat(result.at("/invocation/percentilesMillis/0.0").asDouble()).isGreaterThan(39);
    assertThat(Files.readString(directory.resolve("load.html")))
        .contains("id=\"data\"", "laneChart", "<table", "table and index");
  }

  @Test
  void aPipelineThatFallsBehindIsReportedAndStillEndsEqual() throws Exception {
    try (var load =
        load(
            "--rate=60",
            "--seconds=6",
            "--invoke-overhead=80ms",
            "--warm-up=1s",
            "--target=p99=1s")) {
      assertThat(load.exitCode()).isEqualTo(1);
      assertThat(load.lines())
          .anyMatch(line -> line.contains("The pipeline fell behind: "))
          .anyMatch(line -> line.contains("table and index are equal: "))
          .anyMatch(line -> line.matches("p99 of the lag to indexed: .*, is missed"));
    }
    JsonNode result = result();
    assertThat(result.at("/machine/processors").asInt()).isPositive();
    assertThat(result.at("/verdict/fallingBehind").asBoolean()).isTrue();
    assertThat(result.at("/verdict/processorsBusy").asDouble()).isBetween(0.05, 1.0);
    assertThat(result.at("/counts/behindAtEndOfTraffic").asInt()).isGreaterThan(150);
    // The lane is far too slow for the traffic: the last changes arrive late, and none is missing.
    assertThat(result.at("/lag/indexed/max").asDouble()).isGreaterThan(15_000);
    assertThat(result.at("/lag/indexed/count").asInt())
        .isEqualTo(result.at("/counts/planned").asInt());
  }

  @Test
  void anInterruptEndsWithAReport() throws Exception {
    try (var load = load("--rate", "20", "--seconds", "600", "--warm-up", "0s")) {
      load.awaitLine(".*indexed [1-9]\\d*, behind.*");
      List<ProcessHandle> functions = load.functions();
      assertThat(functions).isNotEmpty();
      load.interrupt();

      assertThat(load.exitCode()).isEqualTo(130);
      assertThat(functions).noneMatch(ProcessHandle::isAlive);
    }
    JsonNode result = result();
    assertThat(result.at("/verdict/comparison").asText()).isEqualTo("INTERRUPTED");
    assertThat(result.at("/counts/sent").asInt())
        .isPositive()
        .isLessThan(result.at("/counts/planned").asInt());
    assertThat(directory.resolve("load.html")).exists();
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("load.json").toFile());
  }

  private static int sum(JsonNode result, String count) {
    int sum = 0;
    for (JsonNode second : result.path("seconds")) {
      sum += second.path(count).asInt();
    }
    return sum;
  }

  private LaunchedCommand load(String... arguments) throws IOException {
    return new LaunchedCommand(
        Stream.concat(Stream.of("load", "--out", directory.toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }
}
