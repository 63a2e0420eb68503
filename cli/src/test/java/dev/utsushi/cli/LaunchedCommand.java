package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A command as its user runs it: by the launcher, in another process. */
final class LaunchedCommand implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Process process;
  private final Thread reader;

  LaunchedCommand(String... arguments) throws IOException {
    this(Map.of(), arguments);
  }

  LaunchedCommand(Map<String, String> environment, String... arguments) throws IOException {
    Path launcher = Path.of(System.getProperty("utsushi.home"), "utsushi");
    var builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList());
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).start();
    reader = Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
  }

  /** Returns the lines that it has printed so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits for a line that matches. */
  void awaitLine(String pattern) {
    await(() -> lines.stream().anyMatch(line -> line.matches(pattern)) || isOver());
    assertThat(lines).anyMatch(line -> line.matches(pattern));
  }

  private boolean isOver() {
    return !process.isAlive() && !reader.isAlive();
  }

  /** Waits until the condition holds; a failure shows the lines so far. */
  void await(Callable<Boolean> condition) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(condition.call()).as(() -> String.join("\n", lines)).isTrue());
  }

  /** Sends what Ctrl-C sends. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for its end and its last line. */
  int exitCode() throws InterruptedException {
    await(this::isOver);
    return process.waitFor();
  }

  /** The JVMs that run functions. */
  List<ProcessHandle> functions() {
    return process.descendants().toList();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
