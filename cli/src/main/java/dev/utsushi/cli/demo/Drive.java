package dev.utsushi.cli.demo;

import dev.utsushi.cli.terminal.Terminal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Writes activity, and watches it arrive. */
final class Drive {
  private static final Duration FIRST_CHANGE = Duration.ofSeconds(45);

  /** Failing changes take four attempts with growing waits before they are given up. */
  private static final Duration STANDSTILL = Duration.ofSeconds(45);

  private static final long INTERVAL_MILLIS = 200;

  private final LocalPipeline pipeline;
  private final ActivityWriter writer;
  private final Terminal terminal;
  private final InstantSource clock;

  Drive(LocalPipeline pipeline, ActivityWriter writer, Terminal terminal, InstantSource clock) {
    this.pipeline = pipeline;
    this.writer = writer;
    this.terminal = terminal;
    this.clock = clock;
  }

  /**
   * The change that starts the function's first JVM. Reported apart: one cold start among some
   * hundred changes would be all that their p99 tells.
   *
   * @throws DemoException if it does not arrive
   */
  void firstChange() throws InterruptedException {
    long start = System.nanoTime();
    writer.writeNext();
    while (pipeline.indexed() < 1) {
      if (sinceNanos(start).compareTo(FIRST_CHANGE) > 0 || pipeline.settled() > 0) {
        throw new DemoException("the first change does not arrive in the index; " + lastWords());
      }
      terminal.status("starting the function …");
      Thread.sleep(INTERVAL_MILLIS / 10);
    }
    terminal.line(
        "First change indexed after %,d ms, with the function's cold start"
            .formatted(sinceNanos(start).toMillis()));
    pipeline.log().lag().reset();
  }

  /** Returns when every change is in the index, or given up, or nothing moves any more. */
  void run(int writesPerSecond, Duration duration) throws InterruptedException {
    terminal.line(
        "Writing activity to the table: %d writes/s for %d s"
            .formatted(writesPerSecond, duration.toSeconds()));
    long before = writer.written();
    try (var probe = new SearchableProbe(pipeline.search(), clock)) {
      probe.start();
      Duration writing = write(writesPerSecond, duration, probe);
      drain(probe);
      summarize(writer.written() - before, writing, probe);
    }
  }

  private Duration write(int writesPerSecond, Duration duration, SearchableProbe probe)
      throws InterruptedException {
    CompletableFuture<Duration> writing = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("activity-writer")
            .start(() -> writeInto(writing, writesPerSecond, duration));
    try {
      while (!writing.isDone()) {
        showStatus(probe);
        Thread.sleep(INTERVAL_MILLIS);
      }
      return writing.join();
    } catch (CompletionException e) {
      throw new DemoException("the table could not be written: " + e.getCause(), e);
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  private void writeInto(
      CompletableFuture<Duration> writing, int writesPerSecond, Duration duration) {
    try {
      writing.complete(writer.run(writesPerSecond, duration));
    } catch (InterruptedException | RuntimeException e) {
      writing.completeExceptionally(e);
    }
  }

  private void drain(SearchableProbe probe) throws InterruptedException {
    long settled = pipeline.settled();
    long lastMove = System.nanoTime();
    while (settled < writer.written()) {
      if (sinceNanos(lastMove).compareTo(STANDSTILL) > 0) {
        terminal.bad(
            "Nothing has moved for %d s; %,d changes are still on their way. %s"
                .formatted(STANDSTILL.toSeconds(), writer.written() - settled, lastWords()));
        return;
      }
      showStatus(probe);
      Thread.sleep(INTERVAL_MILLIS / 4);
      if (pipeline.settled() != settled) {
        settled = pipeline.settled();
        lastMove = System.nanoTime();
      }
    }
  }

  /** Short enough for a terminal of 120 columns. */
  private void showStatus(SearchableProbe probe) {
    long written = writer.written();
    terminal.status(
        "written %,d, indexed %,d, behind %,d; p50/p99 lag %s, searchable %s; failures %,d; pid %s"
            .formatted(
                written,
                pipeline.indexed(),
                Math.max(0, written - pipeline.settled()),
                pipeline.log().lag().shortP50AndP99(),
                probe.lag().shortP50AndP99(),
                pipeline.failedInvocations(),
                processIds()));
  }

  private String processIds() {
    return pipeline.functionProcessIds().stream()
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  private void summarize(long writes, Duration writing, SearchableProbe probe) {
    LagRecorder lag = pipeline.log().lag();
    double seconds = writing.toMillis() / 1000.0;
    terminal.heading(
        "%,d writes in %.1f s, %.1f a second".formatted(writes, seconds, writes / seconds));
    terminal.line(
        "  lag, written to indexed:     %s, max %,d ms".formatted(lag.p50AndP99(), lag.maximum()));
    terminal.line(
        "  lag, written to searchable:  %s, max %,d ms"
            .formatted(probe.lag().p50AndP99(), probe.lag().maximum()));
    terminal.line(
        "  failed invocations %,d, writes retried inside one %,d, dead letters %,d"
            .formatted(
                pipeline.failedInvocations(), pipeline.log().retries(), pipeline.deadLetters()));
  }

  private String lastWords() {
    List<String> lastWords = pipeline.log().lastWords();
    return lastWords.isEmpty()
        ? "the function says nothing: is the machine busy?"
        : "the function says: " + String.join("; ", lastWords);
  }

  private static Duration sinceNanos(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
