package dev.utsushi.cli.chaos;

import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.testbed.comparison.Difference;
import dev.utsushi.testbed.comparison.DocumentReader;
import dev.utsushi.testbed.comparison.TableAndIndex;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What the witnesses say once everything has come to rest; the {@link Verdict} is on this and on
 * the {@link Accounts}.
 *
 * @param changes of all streams, those of an item in their order
 * @param items of the table
 * @param differences of table and index
 * @param documents of the index by {@code _id}, tombstones too
 */
record Evidence(
    List<Change> changes,
    List<Map<String, AttributeValue>> items,
    List<Difference> differences,
    Map<String, StandingDocument> documents,
    LeftOver deadLetters,
    Totals totals) {

  /**
   * What the replay left behind.
   *
   * @param replayed what it said of each dead letter
   * @param depth how many messages the queue holds
   */
  record LeftOver(Collection<ReplayedMessage> replayed, int depth) {

    /** How many messages should still be there. */
    int kept() {
      return replayed.stream()
          .filter(message -> message.fate() == Fate.KEPT)
          .mapToInt(ReplayedMessage::copies)
          .sum();
    }
  }

  /**
   * Sums over the run that must agree.
   *
   * @param counted records by the function's metrics
   * @param answered records of deliveries that came to their end
   * @param delivered records of deliveries that took place, whatever their end
   * @param applied records by the function's metrics
   * @param written how often the engine said that it wrote
   */
  record Totals(long counted, long answered, long delivered, long applied, long written) {}

  /** Hears them all. Nobody may write any more. */
  static Evidence of(Pipeline pipeline, Collection<ReplayedMessage> replayed)
      throws InterruptedException {
    var compared =
        new TableAndIndex(
                pipeline.table.client(), ChaosTable.NAME, pipeline.search, Pipeline.READER_ALIAS)
            .compare();
    return new Evidence(
        pipeline.truth.changes(),
        pipeline.table.items(),
        compared.differences(),
        documents(pipeline),
        new LeftOver(replayed, pipeline.deadLetters.depth()),
        new Totals(
            pipeline.totals.records(),
            pipeline.accounts.answeredRecords(),
            pipeline.accounts.records(),
            pipeline.totals.sum(Metric.APPLIED),
            pipeline.engineWrites.written()));
  }

  private static Map<String, StandingDocument> documents(Pipeline pipeline)
      throws InterruptedException {
    Map<String, StandingDocument> documents = new TreeMap<>();
    new DocumentReader(pipeline.search)
        .readAll(
            Pipeline.READER_ALIAS + "-write",
            "{\"match_all\":{}}",
            document ->
                documents.put(
                    document.id(), StandingDocument.of(document.source().path("_replication"))));
    return documents;
  }

  long tombstones() {
    return documents.values().stream().filter(StandingDocument::deleted).count();
  }

  /** The records of the streams about an item. */
  List<Change> of(ItemName item) {
    return changes.stream().filter(change -> change.item().equals(item)).toList();
  }
}
