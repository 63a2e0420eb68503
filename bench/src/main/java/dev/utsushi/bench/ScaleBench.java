package dev.utsushi.bench;

import static dev.utsushi.bench.Workload.number;
import static dev.utsushi.bench.Workload.text;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.lambda.ReplicationHandler;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures batches and items at the limits of what a stream brings, each in turn with what it is
 * compared with. Each round begins with a new index, whose mapping an ordinary item made, and a new
 * handler, that knows nothing of it.
 */
final class ScaleBench {
  private static final int AGAIN = 10;

  private final URI engine;
  private final AtomicInteger bulkRequests = new AtomicInteger();
  private final Context context = WarmBench.context();
  private final HttpCaller caller = counting(new SocketCaller());
  private long sequenceNumber = 1;
  private int indexes;

  ScaleBench(URI engine) {
    this.engine = engine;
  }

  /** A batch of items, each made from its number. */
  private record Batch(String name, int size, IntFunction<Map<String, AttributeValue>> item) {
    List<Map<String, AttributeValue>> items() {
      return IntStream.range(0, size).mapToObj(item).toList();
    }
  }

  /**
   * @param perRecord whether the ratio is of the times for a record, not for a batch
   */
  private record Row(Batch batch, Batch plain, boolean perRecord) {
    private static Row of(Batch batch, Batch plain) {
      return new Row(batch, plain, false);
    }
  }

  /** Times in nanoseconds, and numbers of bulk requests. */
  private record Sample(long nanos, int requests) {}

  /** What was measured of a batch: its first time in an index, and the times after that. */
  private record Samples(List<Sample> first, List<Sample> again) {
    Samples() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private static List<Row> rows() {
    Batch thousand = new Batch("1,000 records", 1_000, ScaleBench::ordinary);
    Batch one = new Batch("1 record", 1, ScaleBench::ordinary);
    return List.of(
        Row.of(new Batch("1,000 records, half conflict", 1_000, ScaleBench::conflict), thousand),
        Row.of(
            new Batch("1,000 records, 4 refused attributes in each", 1_000, ScaleBench::refused),
            thousand),
        new Row(new Batch("10,000 records", 10_000, ScaleBench::ordinary), thousand, true),
        Row.of(
            new Batch("1 record, 2,000 attributes, key last", 1, _ -> wide(2_000, true)),
            new Batch("the same, key first", 1, _ -> wide(2_000, false))),
        Row.of(new Batch("1 record, 9,000 attributes", 1, _ -> wide(9_000, false)), one),
        Row.of(new Batch("1 record, a list of 20,000 decimals", 1, _ -> decimals()), one));
  }

  /**
   * Measures all rows.
   *
   * @return a table in Markdown
   */
  List<String> run(int rounds) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| batch | compared with | first | bulk requests | ratio | again | bulk requests | ratio"
            + " |");
    lines.add("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (Row row : rows()) {
      Samples batch = new Samples();
      Samples plain = new Samples();
      round(row.plain(), new Samples());
      round(row.batch(), new Samples());
      for (int i = 0; i < rounds; i++) {
        round(row.plain(), plain);
        round(row.batch(), batch);
      }
      double scale = row.perRecord() ? (double) row.batch().size() / row.plain().size() : 1;
      lines.add(
          "| %s | %s | %s | %s |"
              .formatted(
                  row.batch().name(),
                  row.plain().name() + (row.perRecord() ? ", for each record" : ""),
                  cells(batch.first(), plain.first(), scale),
                  cells(batch.again(), plain.again(), scale)));
    }
    return lines;
  }

  private void round(Batch batch, Samples samples) {
    ReplicationHandler handler = WarmBench.handler(engine, "scale-" + indexes++, caller);
    send(handler, List.of(ordinary(0)));
    List<Map<String, AttributeValue>> items = batch.items();
    samples.first().add(send(handler, items));
    for (int i = 0; i < AGAIN; i++) {
      samples.again().add(send(handler, items));
    }
  }

  private Sample send(ReplicationHandler handler, List<Map<String, AttributeValue>> items) {
    var event = Workload.event(sequenceNumber, items);
    sequenceNumber += items.size();
    bulkRequests.set(0);
    long start = System.nanoTime();
    var response = handler.handleRequest(event, context);
    Sample sample = new Sample(System.nanoTime() - start, bulkRequests.get());
    if (!response.getBatchItemFailures().isEmpty()) {
      throw new IllegalStateException("a record failed");
    }
    return sample;
  }

  private HttpCaller counting(HttpCaller sockets) {
    return call -> {
      if (call.uri().getPath().endsWith("/_bulk")) {
        bulkRequests.incrementAndGet();
      }
      return sockets.send(call);
    };
  }

  private static Map<String, AttributeValue> ordinary(int number) {
    return Workload.item("deal-" + number);
  }

  /** Half of the items have another type of an attribute than the ordinary item. */
  private static Map<String, AttributeValue> conflict(int number) {
    Map<String, AttributeValue> item = ordinary(number);
    if (number % 2 == 1) {
      item.put("minutes", text("three quarters of an hour"));
    }
    return item;
  }

  private static Map<String, AttributeValue> refused(int number) {
    Map<String, AttributeValue> item = ordinary(number);
    item.put("kind", new AttributeValue().withM(Map.of("name", text("visit"))));
    Stream.of("minutes", "amount", "done").forEach(name -> item.put(name, text("unknown")));
    return item;
  }

  /** More attributes than an index has room for: the limit is 1,000 fields. */
  private static Map<String, AttributeValue> wide(int attributes, boolean keyLast) {
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    if (!keyLast) {
      item.put("dealId", text("deal-0"));
    }
    for (int i = 1; i < attributes; i++) {
      item.put("attribute-" + i, number(Integer.toString(i)));
    }
    item.put("dealId", text("deal-0"));
    return item;
  }

  /** Of numbers that travel beside the document. */
  private static Map<String, AttributeValue> decimals() {
    Map<String, AttributeValue> item = ordinary(0);
    List<AttributeValue> numbers =
        IntStream.range(1, 20_001).mapToObj(i -> number("0.00%06d7".formatted(i))).toList();
    item.put("rates", new AttributeValue().withL(numbers));
    return item;
  }

  private static String cells(List<Sample> batch, List<Sample> plain, double scale) {
    int most = Collections.max(batch.stream().map(Sample::requests).toList());
    int plainMost = Collections.max(plain.stream().map(Sample::requests).toList());
    return "%.0f ms | %d (%d) | %.1f"
        .formatted(median(batch) / 1e6, most, plainMost, median(batch) / median(plain) / scale);
  }

  private static double median(List<Sample> samples) {
    return samples.stream().map(Sample::nanos).sorted().toList().get(samples.size() / 2);
  }
}
