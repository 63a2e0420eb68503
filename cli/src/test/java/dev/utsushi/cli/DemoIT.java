package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The demo as its user runs it: by the launcher, on real parts. */
class DemoIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private Process demo = new ProcessBuilder("true").start();

  DemoIT() throws IOException {}

  @AfterEach
  void stop() {
    demo.descendants().forEach(ProcessHandle::destroyForcibly);
    demo.destroyForcibly();
  }

  @Test
  void killingAFunctionJvmChangesNothingInTheVerdict() throws Exception {
    start("demo", "--seconds", "6", "--rate", "30");
    await(() -> says("Writing activity"));
    await(() -> demo.descendants().findAny().isPresent());
    Thread.sleep(Duration.ofSeconds(2));
    List<ProcessHandle> functions = demo.descendants().toList();
    assertThat(functions).isNotEmpty();
    functions.forEach(ProcessHandle::destroyForcibly);
    // Whether an invocation was under way just then is chance; that another JVM takes over is not.
    await(() -> demo.descendants().anyMatch(process -> !functions.contains(process)));

    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    await(() -> says("table and index"));
    assertThat(lines).anyMatch(line -> line.matches("table and index are equal: \\d+ items, .*"));
    assertThat(lines).anyMatch(line -> line.matches(" *failed invocations .*dead letters 0"));
    assertThat(demo.exitValue()).isZero();
  }

  @Test
  void anInterruptStopsEverything() throws Exception {
    start("demo", "--keep", "--seconds", "1");
    await(() -> says("left running until Ctrl-C"));
    List<ProcessHandle> functions = demo.descendants().toList();
    assertThat(functions).isNotEmpty();
    new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();

    assertThat(demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(130);
    assertThat(functions).noneMatch(ProcessHandle::isAlive);
  }

  private void start(String... arguments) throws IOException {
    Path launcher = Path.of(System.getProperty("utsushi.home"), "utsushi");
    List<String> command =
        Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList();
    demo = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(() -> read(demo));
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
