package dev.utsushi.bench;

import dev.utsushi.lambda.ReplicationHandler;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One change an invocation over each HTTP client, taking turns. */
final class ClientBench {
  private final WarmBench warm;
  private final QuietContext context = new QuietContext();

  ClientBench(URI engine) {
    this.warm = new WarmBench(engine);
  }

  List<String> warm(int warmUps, int rounds) throws IOException {
    Map<HttpChoice, ReplicationHandler> handlers = new EnumMap<>(HttpChoice.class);
    Map<HttpChoice, Histogram> histograms = new EnumMap<>(HttpChoice.class);
    for (HttpChoice choice : HttpChoice.values()) {
      String index = "client-" + choice.name().toLowerCase(Locale.ROOT);
      handlers.put(choice, warm.handler(index, choice.caller()));
      histograms.put(choice, new Histogram(Duration.ofSeconds(60).toNanos(), 3));
    }
    for (int i = -warmUps; i < rounds; i++) {
      var event = Workload.event(warmUps + i + 1, 1);
      for (var entry : handlers.entrySet()) {
        Histogram histogram = histograms.computeIfAbsent(entry.getKey(), _ -> new Histogram(3));
        WarmBench.record(histogram, i, () -> entry.getValue().handleRequest(event, context));
      }
    }
    List<String> lines = new ArrayList<>();
    histograms.forEach(
        (choice, histogram) ->
            lines.add("  %-16s %s".formatted(choice, WarmBench.figures(histogram))));
    return lines;
  }
}
