package dev.utsushi.bench;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.run.EmbeddedRuns;
import dev.utsushi.loadtest.run.EmbeddedTarget;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.SampleTexts;
import dev.utsushi.testbed.activity.SampleTexts.Language;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table with many items of about one size, which are made as they are written. */
record FilledTable(int items, int itemBytes, ActivityLog activity) {
  /** What an item has without its padding, about. */
  private static final int UNPADDED = 340;

  private static final int ITEMS_PER_DEAL = 100;
  private static final int FEWEST_DEALS = 300;
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  /** The share of the items that is read before the clock starts. */
  private static final double WARM_UP = 0.2;

  static FilledTable of(int items, int itemBytes) {
    int deals = Math.max(FEWEST_DEALS, items / ITEMS_PER_DEAL);
    var activity = new ActivityLog(1, NOW, deals, SampleTexts.in(Language.JA));
    return new FilledTable(items, itemBytes, activity);
  }

  /** Fills a table, then switches its stream on. */
  EmbeddedTarget target(EmbeddedRuns servers, TestedPipeline.Embedded settings) {
    return servers.target(settings, activity, this::all);
  }

  private Stream<Map<String, AttributeValue>> all() {
    return IntStream.range(0, items).mapToObj(this::item);
  }

  private Map<String, AttributeValue> item(int number) {
    Map<String, AttributeValue> item = new HashMap<>(activity.item(number));
    String padding = "lorem ipsum ".repeat(Math.max(0, itemBytes - UNPADDED) / 12);
    item.put("padding", AttributeValue.fromS(padding));
    return item;
  }

  /**
   * A run that is over.
   *
   * @param perSecond items a second, without the first
   */
  record Finished(Duration time, double perSecond, Map<Count, Long> counts) {}

  /**
   * Runs it to its end.
   *
   * @param readCapacity 0 for any
   */
  Finished run(EmbeddedPipeline pipeline, Kind kind, int segments, double readCapacity)
      throws InterruptedException {
    Run run =
        Run.of(null, kind, segments, 1, readCapacity, false, Duration.ofSeconds(10), Instant.now());
    pipeline.worker().start(run);
    long start = System.nanoTime();
    Rate rate = rate();
    while (true) {
      Run now = pipeline.worker().runs().last().orElseThrow();
      List<Segment> all = pipeline.worker().runs().segments(now);
      rate.at(sum(all, Count.ITEMS));
      if (now.state() == State.FINISHED) {
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new Finished(time, rate.perSecond(), counts(all));
      }
      Thread.sleep(100);
    }
  }

  private static Map<Count, Long> counts(List<Segment> segments) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      counts.put(count, sum(segments, count));
    }
    counts.values().removeIf(sum -> sum == 0);
    return counts;
  }

  private static long sum(List<Segment> segments, Count count) {
    return segments.stream().mapToLong(it -> it.count(count)).sum();
  }

  Rate rate() {
    return new Rate(Math.round(items * WARM_UP));
  }

  /** Items a second. */
  static final class Rate {
    private final long warmUp;
    private long start;
    private long first;
    private long end;
    private long last;

    /**
     * @param warmUp how many items are done before the clock starts
     */
    private Rate(long warmUp) {
      this.warmUp = warmUp;
    }

    void at(long done) {
      if (done >= warmUp && start == 0) {
        start = System.nanoTime();
        first = done;
      }
      if (done > last) {
        end = System.nanoTime();
        last = done;
      }
    }

    double perSecond() {
      return (last - first) * 1e9 / (end - start);
    }
  }
}
