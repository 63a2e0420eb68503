package dev.utsushi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.run.EmbeddedRuns;
import dev.utsushi.loadtest.run.LoadListener;
import dev.utsushi.loadtest.run.WarmUp;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Measures a backfill by one worker between two runs of a loop written by hand: what else the
 * machine does changes meanwhile.
 */
final class BackfillBench implements LoadListener {
  private static final JsonMapper JSON = new JsonMapper();

  private final FilledTable table;

  private BackfillBench(FilledTable table) {
    this.table = table;
  }

  static void main(String[] arguments) throws Exception {
    int items = Integer.parseInt(arguments[2]);
    int itemBytes = Integer.parseInt(arguments[3]);
    new BackfillBench(FilledTable.of(items, itemBytes)).run(Path.of(arguments[0]));
  }

  private void run(Path functionJar) throws Exception {
    try (var servers = EmbeddedRuns.start(functionJar, _ -> {}, this);
        var target = table.target(servers, TestedPipeline.Embedded.withoutWaits(1, 0, 1))) {
      new WarmUp(target, this).firstChange();
      double before = byHand(target.embedded(), "by-hand-before");
      double worker = table.run(target.embedded(), Kind.BACKFILL, 1, 0).perSecond();
      double after = byHand(target.embedded(), "by-hand-after");
      System.out.printf(
          "%,d items, one worker: %,.0f items/s; by hand: %,.0f before, %,.0f after; ratio to both"
              + " %.2f%n",
          table.items(), worker, before, after, 2 * worker / (before + after));
    }
  }

  private double byHand(EmbeddedPipeline pipeline, String index) throws Exception {
    try (InputStream mapping =
        Objects.requireNonNull(
            Mapping.class.getResourceAsStream("/" + ActivityTable.MAPPING_RESOURCE))) {
      pipeline.search().send("PUT", "/" + index, new String(mapping.readAllBytes(), UTF_8));
    }
    FilledTable.Rate rate = table.rate();
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
      // It loses the items that the mapping refuses, as such loops do.
      var _ = pipeline.search().send("POST", "/" + index + "/_bulk", bulk(page));
      done += page.items().size();
      rate.at(done);
      cursor = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
    } while (cursor != null);
    return rate.perSecond();
  }

  private static String bulk(ScanResponse page) {
    StringBuilder bulk = new StringBuilder();
    for (Map<String, AttributeValue> item : page.items()) {
      ObjectNode source = json(item);
      ObjectNode action = JSON.createObjectNode();
      action
          .putObject("index")
          .put(
              "_id",
              source.path(ActivityTable.PARTITION_KEY).asText()
                  + '|'
                  + source.path(ActivityTable.SORT_KEY).asText());
      bulk.append(action).append('\n').append(source).append('\n');
    }
    return bulk.toString();
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
    // It is of no interest here.
  }
}
