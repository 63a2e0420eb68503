package dev.utsushi.bench;

import dev.utsushi.bench.FilledTable.Finished;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.run.EmbeddedRuns;
import dev.utsushi.loadtest.run.EmbeddedTarget;
import dev.utsushi.loadtest.run.LoadListener;
import dev.utsushi.loadtest.run.LoadTest;
import dev.utsushi.loadtest.run.WarmUp;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of live traffic on the items of a large table, alone, beside a backfill, and
 * beside a verification.
 */
final class RunBench implements LoadListener {
  private static final int WRITES_PER_SECOND = 50;
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration ALONE = Duration.ofSeconds(30);

  /** Verifications go on until the traffic has met that much of them. */
  private static final Duration LEAST_VERIFIED = Duration.ofMinutes(1);

  /** The comparison at the end holds the whole table in memory. */
  private static final int MOST_COMPARED = 300_000;

  private final FilledTable table;
  private final double readCapacity;
  private final TestedPipeline.Embedded settings;
  private volatile @Nullable RunRecorder recorder;

  private RunBench(FilledTable table, double readCapacity, TestedPipeline.Embedded settings) {
    this.table = table;
    this.readCapacity = readCapacity;
    this.settings = settings;
  }

  static void main(String[] arguments) throws Exception {
    int items = Integer.parseInt(arguments[2]);
    int itemBytes = Integer.parseInt(arguments[3]);
    double readCapacity = Double.parseDouble(arguments[4]);
    var settings =
        TestedPipeline.Embedded.withoutWaits(
            Integer.parseInt(arguments[5]), 0, Integer.parseInt(arguments[6]));
    new RunBench(FilledTable.of(items, itemBytes), readCapacity, settings)
        .run(Path.of(arguments[0]));
  }

  private void run(Path functionJar) throws Exception {
    long start = System.nanoTime();
    try (var servers = EmbeddedRuns.start(functionJar, _ -> {}, this);
        var target = table.target(servers, settings)) {
      System.out.printf("%,d items, filled in %d s%n", table.items(), secondsSince(start));
      new WarmUp(target, this).run(ALONE);
      var load = new FutureTask<LoadRun>(() -> test(target).run());
      Thread traffic = Thread.ofPlatform().name("traffic").start(load);
      besideTraffic(target.embedded());
      traffic.interrupt();
      LoadRun run = load.get();
      System.out.printf("%,.1f writes per second%n", run.measurement().writesPerSecond());
      compare(target.embedded());
    }
  }

  private LoadTest test(EmbeddedTarget target) {
    var traffic =
        new Traffic(
            ArrivalProfile.steady(WRITES_PER_SECOND, LONGEST),
            ArrivalPattern.POISSON,
            KeyDistribution.uniform(table.items()),
            1);
    return new LoadTest("beside runs", traffic, target, this);
  }

  private void besideTraffic(EmbeddedPipeline pipeline) throws InterruptedException {
    Thread.sleep(ALONE);
    int segments = Run.fittingSegments((long) table.items() * table.itemBytes());
    RunRecorder writes = Objects.requireNonNull(recorder);
    long start = writes.now();
    print("alone", 0, start);
    var backfill = table.run(pipeline, Kind.BACKFILL, segments, readCapacity);
    long filled = writes.now();
    print("beside the backfill", start, filled);
    print(Kind.BACKFILL, backfill);
    while (writes.now() - filled < LEAST_VERIFIED.toNanos()) {
      print(Kind.VERIFY, table.run(pipeline, Kind.VERIFY, segments, readCapacity));
    }
    print("beside verifications", filled, writes.now());
    print("all", 0, writes.now());
  }

  private static void print(Kind kind, Finished run) {
    System.out.printf(
        "%s: %d s, %,.0f items/s, %s%n",
        kind, run.time().toSeconds(), run.perSecond(), run.counts());
  }

  /** Prints the lags of what was sent to the table in this time, to when it was indexed. */
  private void print(String what, long from, long to) {
    RunRecorder writes = Objects.requireNonNull(recorder);
    long[] lags =
        IntStream.range(0, writes.plan().size())
            .filter(write -> writes.at(Moment.INDEXED, write) > 0)
            .filter(write -> writes.at(Moment.SENT, write) >= from)
            .filter(write -> writes.at(Moment.SENT, write) < to)
            .mapToLong(write -> writes.at(Moment.INDEXED, write) - writes.at(Moment.SENT, write))
            .sorted()
            .toArray();
    System.out.printf(
        "%-20s %,7d writes in %4d s: lag p50 %,d ms, p99 %,d ms, max %,d ms; in the table p99 %,d"
            + " ms%n",
        what,
        lags.length,
        Duration.ofNanos(to - from).toSeconds(),
        percentile(lags, 50),
        percentile(lags, 99),
        percentile(lags, 100),
        percentile(tableTimes(writes, from, to), 99));
  }

  private static long[] tableTimes(RunRecorder writes, long from, long to) {
    return IntStream.range(0, writes.plan().size())
        .filter(write -> writes.at(Moment.ACKNOWLEDGED, write) > 0)
        .filter(write -> writes.at(Moment.SENT, write) >= from)
        .filter(write -> writes.at(Moment.SENT, write) < to)
        .mapToLong(write -> writes.at(Moment.ACKNOWLEDGED, write) - writes.at(Moment.SENT, write))
        .sorted()
        .toArray();
  }

  private static long percentile(long[] sorted, int percentile) {
    int rank = (int) Math.ceil(sorted.length * percentile / 100.0);
    return Duration.ofNanos(sorted[Math.max(0, rank - 1)]).toMillis();
  }

  private void compare(EmbeddedPipeline pipeline) throws InterruptedException {
    if (table.items() > MOST_COMPARED) {
      System.out.println("not compared by the witness: the table is too large");
      return;
    }
    long settled;
    do {
      settled = pipeline.count(MappingCounters::settledRecords);
      Thread.sleep(Duration.ofSeconds(5));
    } while (pipeline.count(MappingCounters::settledRecords) > settled);
    ComparisonReport report = pipeline.compare();
    System.out.printf(
        "the witness: %,d items, %,d documents, %s%n",
        report.items(), report.documents(), report.equal() ? "equal" : "NOT EQUAL");
    compared(report);
  }

  private static long secondsSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toSeconds();
  }

  @Override
  public void status(String line) {
    // It is of no interest here.
  }

  @Override
  public void progress(Progress progress) {
    recorder = progress.recorder();
  }

  @Override
  public void compared(ComparisonReport report) {
    report.differences().stream().limit(10).forEach(it -> System.out.println(it.line()));
  }
}
