package dev.utsushi.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.deadletter.IndexRequest;
import dev.utsushi.core.deadletter.IndexRequest.Operation;
import dev.utsushi.core.index.IndexStatus;
import dev.utsushi.core.index.IndexStatus.Rebuild;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.operations.runs.RunProgress;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Runs over the whole table: what is older than the stream, drift, and a new mapping. */
record DemoRuns(EmbeddedPipeline pipeline, Terminal terminal) {
  private static final int ITEMS = 500;

  /** The items of no plan: a key distribution has fewer. */
  private static final int FIRST_ITEM = 8_000_000;

  private static final int FIRST_ITEM_OF_REBUILD = 9_000_000;
  private static final int PREFIX = 4;

  /** One, so that one JVM starts. */
  private static final int SEGMENTS = 1;

  /** Longer than a change is on its way from table to index. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private static final String A_CALL =
      "{\"size\":1,\"_source\":false,\"sort\":[\"actionKey\"],\"query\":{\"term\":{\"kind\":\"call\"}}}";

  private static final String TYPED =
      """
      {"size":0,"track_total_hits":true,"query":
       {"multi_match":{"query":"%s","type":"bool_prefix","fields":["memo.typed"]}}}\
      """;

  /** Returns the items, for a table whose stream is not on yet. */
  static List<Map<String, AttributeValue>> oldItems(ActivityLog activity) {
    return IntStream.range(0, ITEMS).mapToObj(i -> activity.item(FIRST_ITEM + i)).toList();
  }

  /** Copies them, as {@code utsushi backfill start} does. */
  void backfill() throws InterruptedException {
    terminal.heading(
        "%,d items are older than the stream, which never brings them".formatted(ITEMS));
    RunProgress run = run(null, Kind.BACKFILL, false);
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
    RunProgress run = run(null, Kind.VERIFY, true);
    if (run.found() != 1 || run.sum(Count.REPAIRED) != 1) {
      throw OperationException.failed(
          "the verification must find and repair one document, not " + run.sums());
    }
    Finding found = run.findings().getFirst();
    terminal.line(
        "  verify --repair: %,d items compared in %s; 1 differs and is repaired: %s (%s)"
            .formatted(run.sum(Count.ITEMS), seconds(run), found.id(), found.detail()));
  }

  /**
   * Fills an index with a new mapping and cuts readers over to it, as {@code utsushi reindex} does,
   * while items are written and a reader counts.
   *
   * @param activity that is written meanwhile
   * @param words that memos have
   */
  void rebuild(ActivityLog activity, String words) throws InterruptedException {
    terminal.heading("A new mapping: memos by the first letters of a word, as somebody types");
    String typed = words.substring(0, Math.min(PREFIX, words.length()));
    long before = found(typed);
    pipeline.replay().setEnvironment(Map.of(Setting.MAPPING.variable(), mappingWithTypedMemos()));
    Rebuild rebuild = Objects.requireNonNull(ask(Operation.REBUILD).rebuild());
    long settled = pipeline.count(MappingCounters::settledRecords);
    var traffic = new RebuildTraffic(pipeline, activity, FIRST_ITEM_OF_REBUILD);
    try (traffic) {
      RunProgress run = run(rebuild.id(), Kind.REINDEX, true);
      terminal.line(
          "  reindex: %,d items copied to %s and compared in %s"
              .formatted(run.sum(Count.WRITTEN), rebuild.to(), seconds(run)));
      var _ = ask(Operation.CUT_OVER);
    }
    if (traffic.gaps() > 0) {
      throw OperationException.failed(
          "a reader found fewer items than before, %,d times".formatted(traffic.gaps()));
    }
    terminal.line(
        "  cut-over: meanwhile %,d items were written; a reader counted %,d times, never fewer than before"
            .formatted(traffic.written(), traffic.counts()));
    var _ = ask(Operation.FINISH);
    awaitSettled(settled + traffic.written());
    terminal.line(
        "  memos with \"%s...\": %,d found before, %,d now; %s is deleted"
            .formatted(typed, before, found(typed), rebuild.from()));
  }

  /** The traffic that comes next counts what it has settled itself. */
  private void awaitSettled(long records) throws InterruptedException {
    Instant end = Instant.now().plus(LONGEST);
    while (pipeline.count(MappingCounters::settledRecords) < records) {
      if (Instant.now().isAfter(end)) {
        throw OperationException.failed("changes from during the cut-over have not arrived");
      }
      Thread.sleep(INTERVAL);
    }
  }

  private long found(String typed) throws InterruptedException {
    return pipeline
        .search()
        .send("POST", "/" + pipeline.name() + "/_search", TYPED.formatted(typed))
        .at("/hits/total/value")
        .asLong();
  }

  private static String mappingWithTypedMemos() {
    try (var resource =
        Objects.requireNonNull(
            Mapping.class.getResourceAsStream("/" + ActivityTable.MAPPING_RESOURCE))) {
      JsonNode mapping = new JsonMapper().readTree(resource);
      var memo = (ObjectNode) mapping.at("/mappings/properties/memo");
      memo.putObject("fields").putObject("typed").put("type", "search_as_you_type");
      return mapping.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the replay function work on the index. */
  private IndexStatus ask(Operation operation) throws InterruptedException {
    byte[] request = new IndexRequest(operation).toJson().getBytes(UTF_8);
    return switch (pipeline.replay().invoke(request)) {
      case Succeeded(String _, String reply) -> {
        IndexStatus status = IndexRequest.parseReply(reply);
        if (status.cause() != null) {
          throw OperationException.failed(operation + ": " + status.cause());
        }
        yield status;
      }
      case InvocationResult other -> throw OperationException.failed(operation + ": " + other);
    };
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

  private RunProgress run(@Nullable String id, Kind kind, boolean repair)
      throws InterruptedException {
    Instant start = Instant.now();
    Run run = Run.of(id, kind, SEGMENTS, 1, 0, repair, SETTLE, start);
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
              .formatted(kind.name().toLowerCase(Locale.ROOT), progress.sum(Count.ITEMS)));
      Thread.sleep(INTERVAL);
    }
  }
}
