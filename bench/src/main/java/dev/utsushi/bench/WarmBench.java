package dev.utsushi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.UrlConnectionCaller;
import dev.utsushi.lambda.ReplicationHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The handler beside the same scripted upserts sent by hand over the same kind of connection.
 *
 * <p>The two take turns, so that a machine whose speed drifts drifts for both.
 */
final class WarmBench {
  private static final long HIGHEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final URI engine;
  private final HttpCaller caller = new UrlConnectionCaller();
  private final QuietContext context = new QuietContext();
  private long sequenceNumber = 1;

  WarmBench(URI engine) {
    this.engine = engine;
  }

  /** One change an invocation. */
  String single(int warmUps, int rounds) throws IOException {
    ReplicationHandler handler = handler("single", caller);
    handler.handleRequest(Workload.event(sequenceNumber++, 1), context);
    prepareByHand("single-by-hand");
    Histogram ours = new Histogram(HIGHEST_NANOS, 3);
    Histogram byHand = new Histogram(HIGHEST_NANOS, 3);
    for (int i = -warmUps; i < rounds; i++) {
      DynamodbEvent event = Workload.event(sequenceNumber, 1);
      record(ours, i, () -> handler.handleRequest(event, context));
      record(byHand, i, this::updateByHand);
      sequenceNumber++;
    }
    return "  one change: handler %s, raw scripted upsert %s, ratio of medians %.2f"
        .formatted(figures(ours), figures(byHand), ratio(ours, byHand));
  }

  /** Many changes an invocation. */
  String batch(int size, int warmUps, int rounds) throws IOException {
    ReplicationHandler handler = handler("batch" + size, caller);
    handler.handleRequest(Workload.event(sequenceNumber, size), context);
    String index = "batch" + size + "-by-hand";
    prepareByHand(index);
    Histogram ours = new Histogram(HIGHEST_NANOS, 3);
    Histogram byHand = new Histogram(HIGHEST_NANOS, 3);
    for (int i = -warmUps; i < rounds; i++) {
      sequenceNumber += size;
      DynamodbEvent event = Workload.event(sequenceNumber, size);
      record(ours, i, () -> handler.handleRequest(event, context));
      record(byHand, i, () -> send("/" + index + "/_bulk", Workload.bulk(sequenceNumber, size)));
    }
    return "  batch of %d: handler %s (%.0f changes/s), hand-written bulk %s (%.0f/s), rate %.2f of it"
        .formatted(
            size,
            figures(ours),
            rate(ours, size),
            figures(byHand),
            rate(byHand, size),
            ratio(byHand, ours));
  }

  ReplicationHandler handler(String index, HttpCaller with) {
    return new ReplicationHandler(
        Map.of(
            "UTSUSHI_SEARCH_ENDPOINT",
            engine.toString(),
            "UTSUSHI_SEARCH_AUTH",
            "none",
            "UTSUSHI_INDEX",
            index,
            "UTSUSHI_PARTITION_KEY",
            "dealId"),
        with);
  }

  private void updateByHand() throws IOException {
    send(
        "/single-by-hand/_update/" + Workload.dealId(sequenceNumber),
        Workload.update(sequenceNumber));
  }

  /** The same mapping, or the engines' own would make the documents dearer to index. */
  private void prepareByHand(String index) throws IOException {
    try (InputStream mapping = HttpCaller.class.getResourceAsStream("/default-mapping.json")) {
      String body = new String(java.util.Objects.requireNonNull(mapping).readAllBytes(), UTF_8);
      call("PUT", "/" + index, body);
    }
  }

  private void send(String path, String body) throws IOException {
    call("POST", path, body);
  }

  private void call(String method, String path, String body) throws IOException {
    String type = path.endsWith("_bulk") ? "application/x-ndjson" : "application/json";
    HttpReply reply =
        caller.send(
            new HttpCall(
                method,
                engine.resolve(path),
                Map.of("Content-Type", type),
                body.getBytes(UTF_8),
                Duration.ofSeconds(30)));
    try (InputStream in = reply.body()) {
      in.readAllBytes();
    }
    if (reply.status() >= 300) {
      throw new IOException(path + " answers " + reply.status());
    }
  }

  static void record(Histogram histogram, int round, Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    long nanos = System.nanoTime() - start;
    if (round >= 0) {
      histogram.recordValue(nanos);
    }
  }

  static String figures(Histogram histogram) {
    return "p50 %.2f ms, p99 %.2f ms"
        .formatted(
            histogram.getValueAtPercentile(50) / 1e6, histogram.getValueAtPercentile(99) / 1e6);
  }

  private static double rate(Histogram histogram, int size) {
    return size * 1e9 / histogram.getValueAtPercentile(50);
  }

  private static double ratio(Histogram left, Histogram right) {
    return (double) left.getValueAtPercentile(50) / right.getValueAtPercentile(50);
  }

  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }
}
