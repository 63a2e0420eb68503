package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load tests as their user runs them: by the launcher, on real parts. */
class LoadIT {
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir private Path directory = Path.of("");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private Process load = new ProcessBuilder("true").start();

  LoadIT() throws IOException {}

  @AfterEach
  void stop() {
    load.descendants().forEach(ProcessHandle::destroyForcibly);
    load.destroyForcibly();
  }

  @Test
  void everyWriteArrivesAndTheReportAddsUp() throws Exception {
    start("--rate", "15", "--seconds", "6", "--factor", "2", "--item-size", "100..4000");
    assertThat(load.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    await(() -> says("Report: "));
    assertThat(lines)
        .anyMatch(line -> line.matches("table and index are equal: [\\d,]+ items, .*"));
    assertThat(load.exitValue()).isZero();
    JsonNode result = result();
    int planned = result.at("/counts/planned").asInt();
    assertThat(planned).isBetween(50, 140);
    for (String count : new String[] {"sent", "acknowledged", "indexed"}) {
      assertThat(result.at("/counts/" + count).asInt()).as(count).isEqualTo(planned);
    }
    assertThat(result.at("/lag/indexed/count").asInt()).isEqualTo(planned);
    assertThat(sum(result, "planned")).isEqualTo(planned);
    assertThat(sum(result, "indexed")).isEqualTo(planned);
    assertThat(result.at("/counts/missing").asInt()).isZero();
    assertThat(result.at("/counts/notFoundBySearch").asInt()).isZero();
    assertThat(result.at("/counts/invocations").asInt()).isGreaterThanOrEqualTo(planned);
    assertThat(result.at("/counts/failedInvocations").asInt()).isZero();
    assertThat(result.at("/lag/searchable/count").asInt()).isPositive();
    // The waits are real: no invocation is shorter than 40 ms, but for the clock's grain.
    assertThat(result.at("/invocation/percentilesMillis/0.0").asDouble()).isGreaterThan(39);
    assertThat(Files.readString(directory.resolve("load.html")))
        .contains("<svg", "table and index");
  }

  @Test
  void aPipelineThatFallsBehindIsSaidToAndStillEndsEqual() throws Exception {
    start("--rate", "60", "--seconds", "6", "--invoke-overhead", "80ms");
    assertThat(load.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    await(() -> says("Report: "));
    assertThat(lines).anyMatch(line -> line.contains("The pipeline fell behind: "));
    assertThat(lines).anyMatch(line -> line.contains("table and index are equal: "));
    assertThat(load.exitValue()).isZero();
    JsonNode result = result();
    assertThat(result.at("/verdict/fallingBehind").asBoolean()).isTrue();
    assertThat(result.at("/verdict/processorsBusy").asDouble()).isBetween(0.05, 1.0);
    assertThat(result.at("/counts/behindAtEndOfTraffic").asInt()).isGreaterThan(150);
    // Twelve a second for 6 s of 60: the last come some 24 s late, and none is left out.
    assertThat(result.at("/lag/indexed/max").asDouble()).isGreaterThan(15_000);
    assertThat(result.at("/lag/indexed/count").asInt())
        .isEqualTo(result.at("/counts/planned").asInt());
  }

  @Test
  void anInterruptEndsWithAReport() throws Exception {
    start("--rate", "20", "--seconds", "600");
    await(() -> lines.stream().anyMatch(line -> line.matches(".*indexed [1-9]\\d*, behind.*")));
    List<ProcessHandle> functions = load.descendants().toList();
    assertThat(functions).isNotEmpty();
    new ProcessBuilder("kill", "-INT", Long.toString(load.pid())).start().waitFor();

    assertThat(load.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(load.exitValue()).isEqualTo(130);
    assertThat(functions).noneMatch(ProcessHandle::isAlive);
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

  private void start(String... arguments) throws IOException {
    Path launcher = Path.of(System.getProperty("utsushi.home"), "utsushi");
    List<String> command =
        Stream.concat(
                Stream.of(
                    launcher.toString(), "load", "--warm-up", "5s", "--out", directory.toString()),
                Stream.of(arguments))
            .toList();
    load = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(() -> read(load));
  }

  private void read(Process process) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException _) {
      // The process has ended.
    }
  }

  private boolean says(String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() < end).as(() -> String.join("\n", lines)).isTrue();
      Thread.sleep(50);
    }
  }
}
