package dev.utsushi.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.generator.LoadGenerator;
import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.measurement.DeployedStream;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.report.Conclusion;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.testbed.comparison.Comparison;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.IndexedDocument;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The part that counts of a load test on a deployed stream: writes, waits until every document is
 * there, and reads from each when it was indexed. Cleans nothing up.
 */
final class DeployedRun {
  private static final int MOST_DIFFERENCES_SHOWN = 20;
  private static final long INTERVAL_MILLIS = 100;

  /** Failing changes take four attempts with growing waits before they are given up. */
  static final Duration STANDSTILL = Duration.ofSeconds(60);

  private static final Duration LONGEST_SEARCH = Duration.ofMinutes(15);
  private static final Duration LAST_SEARCHES = Duration.ofSeconds(5);

  /** Documents that fill a page of some megabytes. */
  private static final int MOST_BYTES_AT_ONCE = 5_000_000;

  private final Deployment deployment;
  private final OwnItemsTarget target;
  private final OwnDocuments documents;
  private final Traffic traffic;
  private final WritePlan plan;
  private final Terminal terminal;
  private final Instant startedAt;
  private final WriteTimes times;
  private final RunRecorder recorder;
  private final LoadGenerator generator;
  private final SearchableProbe probe;
  private final Comparison comparison;

  /**
   * @param target what the plan's writes go to, with a schedule that begins now
   */
  DeployedRun(
      Deployment deployment,
      OwnItems items,
      OwnItemsTarget target,
      Traffic traffic,
      WritePlan plan,
      Terminal terminal,
      Instant startedAt) {
    this.deployment = deployment;
    this.target = target;
    this.traffic = traffic;
    this.plan = plan;
    this.terminal = terminal;
    this.startedAt = startedAt;
    long start = System.nanoTime();
    LongSupplier nanos = () -> System.nanoTime() - start;
    documents = new OwnDocuments(deployment.search(), deployment.stream().index(), items);
    times = new WriteTimes(plan.size());
    recorder = new RunRecorder(plan, times, nanos);
    generator = new LoadGenerator(plan, target, times, nanos);
    probe = SearchableProbe.fromAcknowledgement(recorder, documents, LONGEST_SEARCH);
    comparison = new Comparison(items.keys());
  }

  /**
   * Runs it to its end, or until this thread is interrupted: then what was measured so far is the
   * result, and its conclusion says so.
   */
  LoadRun run() {
    probe.start();
    BitSet missing = new BitSet();
    boolean completed = awaitAll(missing);
    var measurement = LoadMeasurement.of(recorder, 0);
    return new LoadRun(
        "load",
        startedAt,
        traffic,
        new DeployedStream(
            deployment.stream().stack(),
            deployment.stream().region(),
            deployment.stream().index(),
            clocksApart()),
        measurement,
        completed
            ? conclude(missing.cardinality())
            : new Conclusion(
                Verdict.INTERRUPTED, "interrupted: items and documents were not compared", 0));
  }

  private boolean awaitAll(BitSet missing) {
    try (generator;
        probe) {
      write();
      expect(missing);
      new Sweep(missing, this::arrived, atOnce()).run(STANDSTILL, this::showDrain);
      awaitSearches();
      return true;
    } catch (InterruptedException _) {
      readOnce();
      return false;
    }
  }

  private void write() throws InterruptedException {
    CompletableFuture<Void> writing = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform().name("load-generator").daemon().start(() -> writeInto(writing));
    try {
      while (!writing.isDone()) {
        showWriting();
        Thread.sleep(INTERVAL_MILLIS);
      }
    } finally {
      thread.interrupt();
    }
  }

  private void writeInto(CompletableFuture<Void> writing) {
    try {
      generator.run();
      writing.complete(null);
    } catch (InterruptedException | RuntimeException e) {
      writing.completeExceptionally(e);
    }
  }

  /** All that the table took. */
  private void expect(BitSet missing) {
    for (int i = 0; i < plan.size(); i++) {
      if (times.acknowledgedAt(i) > 0) {
        missing.set(i);
        comparison.item(target.item(plan.write(i)));
      }
    }
  }

  private int atOnce() {
    return Math.clamp(MOST_BYTES_AT_ONCE / Math.max(1, traffic.size().most()), 10, 500);
  }

  private Collection<Integer> arrived(List<Integer> numbers) throws InterruptedException {
    Map<Integer, IndexedDocument> found = documents.find(numbers, true);
    found.forEach(
        (number, document) -> {
          comparison.visible(document);
          note(number, document.source().path("_replication").path("indexedAt"));
        });
    return found.keySet();
  }

  private void note(int number, JsonNode indexedAt) {
    try {
      Instant at = Instant.parse(indexedAt.asText());
      recorder.arrived(number, Duration.between(startedAt, at).toNanos());
    } catch (DateTimeException _) {
      // The comparison has it among what is malformed.
    }
  }

  private void awaitSearches() throws InterruptedException {
    long start = System.nanoTime();
    while (probe.left() > 0 && System.nanoTime() - start < LAST_SEARCHES.toNanos()) {
      Thread.sleep(INTERVAL_MILLIS);
    }
  }

  /** What is there by now, without waiting for more: the report of a run that was broken off. */
  private void readOnce() {
    try {
      target.stop();
      BitSet written = new BitSet();
      expect(written);
      new Sweep(written, this::arrived, atOnce()).once();
    } catch (InterruptedException _) {
      // It is in a hurry indeed: what is known is told.
      Thread.currentThread().interrupt();
    }
  }

  private void showWriting() {
    terminal.status(
        "%s writing %d/%d s; written %,d, failed %,d; sampled changes not found yet %,d"
            .formatted(
                LiveView.bar((double) recorder.now() / plan.endNanos()),
                recorder.now() / 1_000_000_000L,
                plan.endNanos() / 1_000_000_000L,
                times.acknowledgedCount(),
                times.failedCount(),
                probe.left()));
  }

  private void showDrain(int left) {
    int all = times.acknowledgedCount();
    terminal.status(
        "%s reading when they were indexed; written %,d, left %,d"
            .formatted(LiveView.bar((double) (all - left) / Math.max(1, all)), all, left));
  }

  /** What can't have been: indexed before it was written, found before it was indexed. */
  private Duration clocksApart() {
    long most = 0;
    for (int i = 0; i < plan.size(); i++) {
      long indexed = recorder.indexedAt(i);
      long found = recorder.searchableAt(i);
      if (indexed > 0) {
        most = Math.max(most, times.startedAt(i) - indexed);
        most = found > 0 ? Math.max(most, indexed - found) : most;
      }
    }
    return Duration.ofNanos(most);
  }

  private Conclusion conclude(int missing) {
    if (missing > 0) {
      return new Conclusion(
          Verdict.INCOMPLETE,
          "%,d changes did not arrive: nothing moved for %d s; utsushi dlq list tells what was given up"
              .formatted(missing, STANDSTILL.toSeconds()),
          0);
    }
    if (times.acknowledgedCount() == 0) {
      return new Conclusion(Verdict.INCOMPLETE, "the table took none of the writes", 0);
    }
    ComparisonReport report = comparison.report();
    report.differences().stream()
        .limit(MOST_DIFFERENCES_SHOWN)
        .forEach(difference -> terminal.line("  " + difference.line()));
    return new Conclusion(
        report.equal() ? Verdict.EQUAL : Verdict.DIFFERENT,
        report.equal()
            ? "the test's items and their documents are equal: %,d".formatted(report.items())
            : "the test's items and their documents differ in %,d places"
                .formatted(report.differences().size()),
        0);
  }

  /** Why the first of the failed writes failed; null if none did. */
  @Nullable Throwable firstFailure() {
    return generator.firstFailure();
  }
}
