package dev.utsushi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.lambda.ReplicationHandler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/**
 * Compares the handler with the same scripted upserts sent by hand over the same kind of
 * connection. The two take turns, so that a change in the machine's speed affects both.
 */
final class WarmBench {
  private static final long HIGHEST_NANOS = Duration.ofSeconds(60).toNanos();

  private final URI engine;
  private final HttpCaller caller = new SocketCaller();
  private final Context context = context();
  private long sequenceNumber = 1;

  WarmBench(URI engine) {
    this.engine = engine;
  }

  /** One change an invocation. */
  String single(int warmUps, int rounds) throws IOException {
    ReplicationHandler handler = handler(engine, "single", caller);
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
    ReplicationHandler handler = handler(engine, "batch" + size, caller);
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

  static ReplicationHandler handler(URI engine, String index, HttpCaller with) {
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

  /** One change an invocation over each HTTP client, in turn. */
  List<String> clients(int warmUps, int rounds) throws IOException {
    Map<HttpChoice, ReplicationHandler> handlers = new EnumMap<>(HttpChoice.class);
    Map<HttpChoice, Histogram> histograms = new EnumMap<>(HttpChoice.class);
    for (HttpChoice choice : HttpChoice.values()) {
      String index = "client-" + choice.name().toLowerCase(Locale.ROOT);
      handlers.put(choice, handler(engine, index, choice.caller()));
      histograms.put(choice, new Histogram(HIGHEST_NANOS, 3));
    }
    for (int i = -warmUps; i < rounds; i++) {
      DynamodbEvent event = Workload.event(warmUps + i + 1, 1);
      for (var entry : histograms.entrySet()) {
        ReplicationHandler handler = Objects.requireNonNull(handlers.get(entry.getKey()));
        record(entry.getValue(), i, () -> handler.handleRequest(event, context));
      }
    }
    return histograms.entrySet().stream()
        .map(entry -> "  %-16s %s".formatted(entry.getKey(), figures(entry.getValue())))
        .toList();
  }

  /** A context with time for everything, which is all that the handler asks of it. */
  static Context context() {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> 60_000);
  }

  private void updateByHand() throws IOException {
    send(
        "/single-by-hand/_update/" + Workload.dealId(sequenceNumber),
        Workload.update(sequenceNumber));
  }

  /** Uses the same mapping; with the engine's own, documents would take longer to index. */
  private void prepareByHand(String index) throws IOException {
    try (InputStream mapping = HttpCaller.class.getResourceAsStream("/default-mapping.json")) {
      String body = new String(Objects.requireNonNull(mapping).readAllBytes(), UTF_8);
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
    if (reply.status() >= 300) {
      throw new IOException(path + " answers " + reply.status());
    }
  }

  private static void record(Histogram histogram, int round, Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    long nanos = System.nanoTime() - start;
    if (round >= 0) {
      histogram.recordValue(nanos);
    }
  }

  private static String figures(Histogram histogram) {
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
  private interface Work {
    void run() throws IOException;
  }
}
