package dev.utsushi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.LoadRun;
import dev.utsushi.loadtest.run.EmbeddedRuns;
import dev.utsushi.loadtest.run.LoadListener;
import dev.utsushi.loadtest.run.LoadTest;
import dev.utsushi.loadtest.run.WarmUp;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Measures a backfill by one worker against a loop written by hand, then a backfill and
 * verifications beside live traffic.
 */
final class RunBench implements LoadListener {
  private static final int WRITES_PER_SECOND = 50;

  /** What an item has without its padding, about. */
  private static final int UNPADDED = 340;

  /** The items of no plan. */
  private static final int FIRST_ITEM = 8_000_000;

  /** The share of the items that is read before the clock starts. */
  private static final double WARM_UP = 0.2;

  private static final JsonMapper JSON = new JsonMapper();

  private final int items;
  private final int itemBytes;

  private RunBench(int items, int itemBytes) {
    this.items = items;
    this.itemBytes = itemBytes;
  }

  static void main(String[] arguments) throws Exception {
    int items = Integer.parseInt(arguments[1]);
    int itemBytes = Integer.parseInt(arguments[3]);
    new RunBench(items, itemBytes)
        .run(Path.of(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[2])));
  }

  private void run(Path functionJar, Duration time) throws Exception {
    ActivityLog activity = new ActivityLog(1);
    List<Map<String, AttributeValue>> old =
        IntStream.range(0, items)
            .mapToObj(i -> padded(activity.item(FIRST_ITEM + i), itemBytes))
            .toList();
    try (var servers = EmbeddedRuns.start(functionJar, _ -> {}, this);
        var target = servers.target(TestedPipeline.Embedded.withoutWaits(2, 1), activity, old)) {
      EmbeddedPipeline pipeline = target.embedded();
      new WarmUp(target, this).firstChange();
      System.out.printf(
          "%,d items of %,d bytes of JSON%n", items, json(old.getFirst()).toString().length());
      double byHand = byHand(pipeline);
      double worker = backfill(pipeline);
      System.out.printf(
          "one worker: %,.0f items/s; by hand: %,.0f items/s; ratio %.2f%n",
          worker, byHand, worker / byHand);

      empty(pipeline);
      var traffic =
          new Traffic(
              ArrivalProfile.steady(WRITES_PER_SECOND, time),
              ArrivalPattern.POISSON,
              KeyDistribution.uniform(1_000_000),
              1);
      var load =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new LoadTest("beside runs", traffic, target, this).run();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      System.out.printf("beside traffic: backfill %,.0f items/s%n", backfill(pipeline));
      while (!load.isDone()) {
        run(pipeline, Kind.VERIFY, 2);
      }
      LoadRun run = load.join();
      LoadMeasurement measured = run.measurement();
      System.out.printf(
          "%,d writes at %.1f/s: lag p50 %,d ms, p99 %,d ms, max %,d ms%n%s%n",
          measured.acknowledged(),
          measured.writesPerSecond(),
          measured.indexed().percentile(50).toMillis(),
          measured.indexed().percentile(99).toMillis(),
          measured.indexed().max().toMillis(),
          run.conclusion().line());
    }
  }

  /** Makes an item as large as that, about. */
  private static Map<String, AttributeValue> padded(Map<String, AttributeValue> item, int bytes) {
    Map<String, AttributeValue> all = new HashMap<>(item);
    all.put(
        "padding", AttributeValue.fromS("lorem ipsum ".repeat(Math.max(0, bytes - UNPADDED) / 12)));
    return all;
  }

  private double byHand(EmbeddedPipeline pipeline) throws Exception {
    try (InputStream mapping =
        Objects.requireNonNull(
            Mapping.class.getResourceAsStream("/" + ActivityTable.MAPPING_RESOURCE))) {
      pipeline.search().send("PUT", "/by-hand", new String(mapping.readAllBytes(), UTF_8));
    }
    Rate rate = new Rate();
    Map<String, AttributeValue> cursor = null;
    long done = 0;
    do {
      Map<String, AttributeValue> from = cursor;
      ScanResponse page =
          pipeline
              .dynamoDb()
              .scan(
                  scan ->
                      scan.tableName(pipeline.name()).consistentRead(true).exclusiveStartKey(from));
      StringBuilder bulk = new StringBuilder();
      for (Map<String, AttributeValue> item : page.items()) {
        ObjectNode source = json(item);
        String id =
            source.path(ActivityTable.PARTITION_KEY).asText()
                + '|'
                + source.path(ActivityTable.SORT_KEY).asText();
        ObjectNode action = JSON.createObjectNode();
        action.putObject("index").put("_id", id);
        bulk.append(action);
        bulk.append('\n').append(source).append('\n');
      }
      // It loses the items that the mapping refuses, as such loops do.
      var _ = pipeline.search().send("POST", "/by-hand/_bulk", bulk.toString());
      done += page.items().size();
      rate.at(done);
      cursor = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
    } while (cursor != null);
    return rate.perSecond();
  }

  private static ObjectNode json(Map<String, AttributeValue> item) {
    ObjectNode json = JSON.createObjectNode();
    item.forEach((name, value) -> add(json, name, value));
    return json;
  }

  private static void add(ObjectNode to, String name, AttributeValue value) {
    switch (value.type()) {
      case S -> to.put(name, value.s());
      case N -> to.put(name, new BigDecimal(value.n()));
      case BOOL -> to.put(name, value.bool());
      case NUL -> to.putNull(name);
      case B -> to.put(name, value.b().asByteArray());
      case M -> to.set(name, json(value.m()));
      case SS -> value.ss().forEach(to.withArray(name)::add);
      case NS -> value.ns().forEach(it -> to.withArray(name).add(new BigDecimal(it)));
      case L -> {
        ArrayNode list = to.putArray(name);
        value.l().forEach(it -> list.add(json(Map.of("v", it)).get("v")));
      }
      default -> throw new IllegalStateException("no type of the activity log: " + value.type());
    }
  }

  private double backfill(EmbeddedPipeline pipeline) throws InterruptedException {
    return run(pipeline, Kind.BACKFILL, 1);
  }

  /** Runs it to its end; returns items a second. */
  private double run(EmbeddedPipeline pipeline, Kind kind, int segments)
      throws InterruptedException {
    Run run = Run.of(null, kind, segments, 1, 0, false, Duration.ofSeconds(10), Instant.now());
    pipeline.worker().start(run);
    Rate rate = new Rate();
    while (true) {
      Run now = pipeline.worker().runs().last().orElseThrow();
      List<Segment> all = pipeline.worker().runs().segments(now);
      rate.at(all.stream().mapToLong(it -> it.count(Count.ITEMS)).sum());
      if (now.state() == State.FINISHED) {
        if (kind == Kind.VERIFY) {
          System.out.printf("verification: %s%n", sums(all));
        }
        return rate.perSecond();
      }
      Thread.sleep(100);
    }
  }

  private static Map<Count, Long> sums(List<Segment> segments) {
    Map<Count, Long> sums = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      long sum = segments.stream().mapToLong(it -> it.count(count)).sum();
      if (sum > 0) {
        sums.put(count, sum);
      }
    }
    return sums;
  }

  private void empty(EmbeddedPipeline pipeline) throws InterruptedException {
    String index = "/" + pipeline.name() + "-write";
    pipeline.search().send("POST", index + "/_refresh", "");
    pipeline
        .search()
        .send("POST", index + "/_delete_by_query?refresh=true", "{\"query\":{\"match_all\":{}}}");
  }

  /** Items a second, from a fifth of the items on. */
  private final class Rate {
    private long start;
    private long first;
    private long end;
    private long last;

    void at(long done) {
      if (done >= items * WARM_UP && start == 0) {
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

  @Override
  public void status(String line) {
    // It is of no interest here.
  }

  @Override
  public void progress(Progress progress) {
    // It is of no interest here.
  }

  @Override
  public void compared(ComparisonReport report) {
    report.differences().stream().limit(10).forEach(it -> System.out.println(it.line()));
  }
}
