package dev.utsushi.faults.checker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.testbed.comparison.Comparison;
import dev.utsushi.testbed.comparison.Difference;
import dev.utsushi.testbed.comparison.DocumentReader;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.FunctionLog;
import dev.utsushi.testbed.search.SearchApi;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What is there after the run, when nothing moves any more. Plain data, so that tests can make up
 * every kind of wrong.
 *
 * @param items of the table
 * @param indexes that the table is copied to
 * @param kept the dead letters that the replay did not delete
 * @param queueDepth the number of messages in the dead-letter queue
 * @param log the sums of the function's own metrics
 * @param backfill how far the backfill is
 */
public record FinalState(
    List<Map<String, AttributeValue>> items,
    List<IndexState> indexes,
    List<KeptMessage> kept,
    long queueDepth,
    FunctionLog log,
    BackfillState backfill) {

  /**
   * One index.
   *
   * @param expected what it must show
   * @param differences of table and index
   * @param documents by {@code _id}, tombstones included
   */
  public record IndexState(
      ExpectedIndex expected, List<Difference> differences, Map<String, IndexedState> documents) {
    private static IndexState read(EmbeddedPipeline pipeline, ExpectedIndex expected)
        throws InterruptedException {
      SearchApi search = pipeline.search();
      var compared = Comparison.of(pipeline.dynamoDb(), pipeline.name(), search, expected);
      Map<String, IndexedState> documents = new TreeMap<>();
      DocumentReader.readAll(
          search,
          expected.name() + "-write",
          "{\"match_all\":{}}",
          each -> documents.put(each.id(), IndexedState.of(each.source().path("_replication"))));
      return new IndexState(expected, compared.differences(), documents);
    }

    /** Returns how many of the documents are tombstones. */
    public long tombstones() {
      return documents.values().stream().filter(IndexedState::deleted).count();
    }
  }

  /** A document's own statement of its version, in its {@code _replication}. */
  public record IndexedState(String version, boolean deleted, String indexedAt) {

    private static IndexedState of(JsonNode replication) {
      return new IndexedState(
          replication.path("version").asText(),
          replication.path("deleted").asBoolean(),
          replication.path("indexedAt").asText());
    }

    /** The state in one line. */
    public String line() {
      return (deleted ? "removal " : "") + version;
    }
  }

  /**
   * A message of the dead-letter queue that the replay kept.
   *
   * @param copies how many messages hold the same dead letter
   * @param versions of its records that are not processed
   */
  public record KeptMessage(int copies, List<String> versions) {}

  /**
   * How far a backfill is, as the table of runs says.
   *
   * @param open segments that are not done
   * @param readCapacity the most units a second that it may read
   * @param counts by the name of what is counted
   */
  public record BackfillState(
      int open, int segments, double readCapacity, Map<Segment.Count, Long> counts) {

    /** Reads the last run. */
    public static BackfillState read(RunStore runs) {
      Run run = runs.last().orElseThrow();
      Map<Segment.Count, Long> counts = new EnumMap<>(Segment.Count.class);
      List<Segment> segments = runs.segments(run);
      segments.forEach(
          each -> each.counts().forEach((count, sum) -> counts.merge(count, sum, Long::sum)));
      int open = run.openSegments();
      return new BackfillState(open, segments.size(), run.readCapacity(), counts);
    }

    /** Returns a count. */
    public long count(Segment.Count count) {
      return counts.getOrDefault(count, 0L);
    }
  }

  /** Reads table, indexes and queue. Nobody may write any more. */
  public static FinalState read(
      EmbeddedPipeline pipeline,
      List<ExpectedIndex> expected,
      List<KeptMessage> kept,
      FunctionLog log)
      throws InterruptedException {
    List<IndexState> indexes = new ArrayList<>();
    for (ExpectedIndex each : expected) {
      indexes.add(IndexState.read(pipeline, each));
    }
    return new FinalState(
        items(pipeline),
        indexes,
        kept,
        pipeline.deadLetters(),
        log,
        BackfillState.read(pipeline.worker().runs()));
  }

  /** Reads the table. */
  public static List<Map<String, AttributeValue>> items(EmbeddedPipeline pipeline) {
    return pipeline
        .dynamoDb()
        .scanPaginator(scan -> scan.tableName(pipeline.name()).consistentRead(true))
        .items()
        .stream()
        .toList();
  }

  /** How many messages should still be in the dead-letter queue. */
  public int keptMessages() {
    return kept.stream().mapToInt(KeptMessage::copies).sum();
  }

  /** Returns how many tombstones the indexes have. */
  public long tombstones() {
    return indexes.stream().mapToLong(IndexState::tombstones).sum();
  }
}
