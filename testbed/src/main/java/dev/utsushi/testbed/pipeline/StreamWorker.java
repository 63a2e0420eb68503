package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.lambda.LogLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A worker on the Kinesis Client Library, in a process of its own as in its container. */
public final class StreamWorker implements AutoCloseable {
  /** In place of a function's name. */
  public static final String LOG_NAME = "worker";

  private static final String MAIN_CLASS = "dev.utsushi.worker.Worker";
  private static final Pattern STARTED =
      Pattern.compile("\\{.*\"event\":\"worker_started\",\"port\":(\\d+)}");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^utsushi_worker_(\\w+).* ([\\d.]+)$");
  private static final Duration LONGEST_STOP = Duration.ofSeconds(70);

  private final Process process;
  private final Consumer<LogLine> log;
  private final Thread reader;
  private volatile int port;

  private StreamWorker(Process process, Consumer<LogLine> log) {
    this.process = process;
    this.log = log;
    // Not virtual: reading a pipe blocks the carrier.
    reader = Thread.ofPlatform().daemon().name("log-of-" + process.pid()).start(this::readLog);
  }

  /**
   * Starts a worker.
   *
   * @param directory with its jars
   * @param environment its variables
   * @param log receives each line that it writes
   */
  static StreamWorker start(
      Path directory, Map<String, String> environment, Consumer<LogLine> log) {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                directory.resolve("*").toString(),
                MAIN_CLASS)
            .redirectErrorStream(true);
    Map<String, String> variables = new HashMap<>(environment);
    variables.put(Setting.WORKER_PORT.variable(), "0");
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    builder.environment().clear();
    builder.environment().putAll(variables);
    try {
      return new StreamWorker(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException("The worker does not start", e);
    }
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        Matcher started = STARTED.matcher(text);
        if (started.matches()) {
          port = Integer.parseInt(started.group(1));
        }
        log.accept(new LogLine(LOG_NAME, process.pid(), text));
      }
    } catch (IOException _) {
      // The log of a killed process ends with its pipe.
    }
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Returns what {@code /metrics} answers; null while the worker does not answer. */
  public @Nullable String metrics() {
    return port == 0 || !process.isAlive() ? null : get("/metrics");
  }

  private @Nullable String get(String path) {
    try (var body = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return null;
    }
  }

  /** Returns the sum of a metric over the shards; 0 while the worker does not answer. */
  public long metric(String name) {
    String text = metrics();
    return text == null
        ? 0
        : SAMPLE
            .matcher(text)
            .results()
            .filter(sample -> sample.group(1).equals(name))
            .mapToLong(sample -> (long) Double.parseDouble(sample.group(2)))
            .sum();
  }

  /** Kills it, as a machine that fails: nothing is finished, no lease is given back. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    reader.join();
  }

  /** Asks it to stop, as a deployment does, and waits until it has. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("The worker does not stop");
    }
    reader.join();
  }

  /** Kills it: a test that ends needs no hand-over. */
  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
