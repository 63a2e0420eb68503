package dev.utsushi.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items from before the stream: copied, and one document damaged and mended. */
record OldItems(EmbeddedPipeline pipeline, Terminal terminal) {
  private static final int ITEMS = 500;

  /** The items of no plan: a key distribution has fewer. */
  private static final int FIRST_ITEM = 8_000_000;

  /** One, so that one JVM starts. */
  private static final int SEGMENTS = 1;

  /** Nothing is on its way from table to index. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private static final String A_CALL =
      "{\"size\":1,\"_source\":false,\"sort\":[\"actionKey\"],\"query\":{\"term\":{\"kind\":\"call\"}}}";

  /** Returns the items, for a table whose stream is not on yet. */
  static List<Map<String, AttributeValue>> of(ActivityLog activity) {
    return IntStream.range(0, ITEMS).mapToObj(i -> activity.item(FIRST_ITEM + i)).toList();
  }

  /** Copies them, as {@code utsushi backfill start} does. */
  void backfill() throws InterruptedException {
    terminal.heading(
        "%,d items are older than the stream, which never brings them".formatted(ITEMS));
    RunProgress run = run(Kind.BACKFILL, false);
    terminal.line(
        "  backfill: %,d items read, %,d documents written in %s with the worker's cold start"
            .formatted(run.sum(Count.ITEMS), run.sum(Count.WRITTEN), seconds(run)));
  }

  /**
   * Overwrites an attribute of a document, and has the difference found and mended, as {@code
   * utsushi verify --repair} does.
   *
   * @param memo what to overwrite it with
   */
  void damageAndRepair(String memo) throws InterruptedException {
    String id = damage(memo);
    terminal.line("  damaged by hand: the memo in document " + id);
    RunProgress run = run(Kind.VERIFY, true);
    if (run.found() != 1 || run.sum(Count.REPAIRED) != 1) {
      throw OperationException.failed(
          "the verification must find and repair one document, not " + run.sums());
    }
    Finding found = run.findings().getFirst();
    terminal.line(
        "  verify --repair: %,d items compared in %s; 1 differs and is repaired: %s (%s)"
            .formatted(run.sum(Count.ITEMS), seconds(run), found.id(), found.detail()));
  }

  private String damage(String memo) throws InterruptedException {
    String index = "/" + pipeline.name();
    pipeline.search().send("POST", index + "-write/_refresh", "");
    JsonNode call = pipeline.search().send("POST", index + "/_search", A_CALL);
    String id = call.at("/hits/hits/0/_id").asText();
    var document = JsonNodeFactory.instance.objectNode();
    document.putObject("doc").put("memo", memo);
    var _ =
        pipeline
            .search()
            .send(
                "POST",
                index + "-write/_update/" + URLEncoder.encode(id, UTF_8),
                document.toString());
    return id;
  }

  private static String seconds(RunProgress run) {
    return "%.1f s".formatted(Duration.between(run.run().startedAt(), run.at()).toMillis() / 1e3);
  }

  private RunProgress run(Kind kind, boolean repair) throws InterruptedException {
    Instant start = Instant.now();
    Run run = Run.of(null, kind, SEGMENTS, 1, 0, repair, SETTLE, start);
    pipeline.worker().start(run);
    while (true) {
      Run now = pipeline.worker().runs().last().orElseThrow();
      var progress = new RunProgress(now, pipeline.worker().runs().segments(now), Instant.now());
      if (now.state() == State.FINISHED) {
        return progress;
      }
      if (start.plus(LONGEST).isBefore(progress.at())) {
        throw OperationException.failed(
            "The worker has not finished after %d s: %s"
                .formatted(LONGEST.toSeconds(), progress.failures().keySet()));
      }
      terminal.status(
          "%s: %,d items"
              .formatted(
                  kind == Kind.BACKFILL ? "backfill" : "verify --repair",
                  progress.sum(Count.ITEMS)));
      Thread.sleep(INTERVAL);
    }
  }
}
