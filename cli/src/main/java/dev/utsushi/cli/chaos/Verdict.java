package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.comparison.ComparisonReport;
import dev.utsushi.cli.comparison.Difference;
import dev.utsushi.cli.comparison.DocumentReader;
import dev.utsushi.cli.comparison.TableAndIndex;
import dev.utsushi.deadletter.ReplayedMessage;
import dev.utsushi.deadletter.ReplayedMessage.Fate;
import dev.utsushi.telemetry.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Whether all that must hold holds, once everything has come to rest. */
final class Verdict {
  private final Pipeline pipeline;
  private final List<Change> changes;
  private final Collection<ReplayedMessage> replayed;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<ItemName, Change> newest = new HashMap<>();
  private final Map<ItemName, Change> newestIndexable = new HashMap<>();
  private final Map<String, JsonNode> documents = new TreeMap<>();

  /**
   * @param replayed what the replay said of each dead letter
   */
  Verdict(Pipeline pipeline, Collection<ReplayedMessage> replayed) {
    this.pipeline = pipeline;
    this.replayed = replayed;
    changes = pipeline.truth.changes();
    for (Change change : changes) {
      newest.put(change.item(), change);
      if (!change.poison()) {
        newestIndexable.put(change.item(), change);
      }
    }
  }

  /**
   * Everything that does not hold.
   *
   * @throws ChaosException if the witnesses contradict each other, so that there is no verdict
   */
  List<Finding> findings() throws InterruptedException {
    requireStreamOfTheTable();
    findings.addAll(pipeline.findings.all());
    compare();
    checkVersions();
    checkAccounts();
    checkDeadLetters();
    checkTotals();
    return List.copyOf(findings);
  }

  /** What the table holds is what its stream tells: or a change was written while it was off. */
  private void requireStreamOfTheTable() {
    var told = StreamTruth.table(changes);
    for (var item : pipeline.table.items()) {
      if (!item.equals(told.remove(ItemName.of(item)))) {
        throw new ChaosException(
            "the stream does not tell of " + ItemName.of(item).text() + ": no verdict");
      }
    }
    if (!told.isEmpty()) {
      throw new ChaosException(
          "the stream does not tell that items are gone, one of them "
              + told.keySet().iterator().next().text()
              + ": no verdict");
    }
  }

  private void compare() throws InterruptedException {
    ComparisonReport report =
        new TableAndIndex(
                pipeline.table.client(), ChaosTable.NAME, pipeline.search, Pipeline.READER_ALIAS)
            .compare();
    for (Difference difference : report.differences()) {
      ItemName item = item(difference);
      if (!excused(item, difference)) {
        findings.add(Finding.about(item, difference.line()));
      }
    }
  }

  private ItemName item(Difference difference) {
    return switch (difference) {
      case Difference.Missing(String key) -> pipeline.names.ofText(key);
      case Difference.Extra(String id) -> pipeline.names.ofDocument(id);
      case Difference.Different(String key, _) -> pipeline.names.ofText(key);
      case Difference.Doubled(String key, _) -> pipeline.names.ofText(key);
      case Difference.Malformed(String id, _) -> pipeline.names.ofDocument(id);
    };
  }

  /** The last change of the item is one that the engine refuses: its document stands before it. */
  private boolean excused(ItemName item, Difference difference) {
    Change last = newest.get(item);
    return last != null
        && last.poison()
        && (difference instanceof Difference.Missing || difference instanceof Difference.Different);
  }

  private void checkVersions() throws InterruptedException {
    new DocumentReader(pipeline.search)
        .readAll(
            Pipeline.READER_ALIAS + "-write",
            "{\"match_all\":{}}",
            document -> documents.put(document.id(), document.source().path("_replication")));
    Set<String> unexpected = new HashSet<>(documents.keySet());
    for (ItemName item : newest.keySet()) {
      unexpected.remove(item.documentId());
      checkVersion(item, Optional.ofNullable(newestIndexable.get(item)));
    }
    for (String id : unexpected) {
      findings.add(
          Finding.about(pipeline.names.ofDocument(id), "a document that no change made: " + id));
    }
  }

  private void checkVersion(ItemName item, Optional<Change> expected) {
    JsonNode stands = documents.get(item.documentId());
    if (stands == null) {
      expected.ifPresent(
          change ->
              findings.add(
                  Finding.about(item, "no document, and there should be " + change.line())));
      return;
    }
    String version = stands.path("version").asText();
    boolean deleted = stands.path("deleted").asBoolean();
    boolean right =
        expected
            .filter(change -> change.version().equals(version) && change.removal() == deleted)
            .isPresent();
    if (!right) {
      findings.add(
          Finding.about(
              item,
              "stands at %s%s and should at %s"
                  .formatted(
                      deleted ? "removal " : "",
                      version,
                      expected.map(Change::line).orElse("nothing"))));
    }
  }

  private void checkAccounts() {
    Set<String> real = new HashSet<>();
    for (Change change : changes) {
      real.add(change.version());
      if (!pipeline.accounts.settled(change)) {
        findings.add(
            Finding.about(change.item(), "neither acknowledged nor parked: " + change.version()));
      }
    }
    for (var delivered : pipeline.accounts.delivered()) {
      if (!real.contains(delivered.version())) {
        findings.add(
            Finding.about(delivered.item(), "delivered, and in no stream: " + delivered.version()));
      }
    }
  }

  /** Poison stays in the queue, all of it and nothing else. */
  private void checkDeadLetters() {
    Set<String> left = leftUnsettled();
    for (Change change : changes) {
      boolean stays = left.remove(change.version());
      if (stays && !change.poison()) {
        findings.add(
            Finding.about(
                change.item(), "still a dead letter after the replay: " + change.version()));
      }
      // A newer change of the item in the same batch stands for the poison before it.
      if (change.poison() && !stays && !pipeline.accounts.acknowledgedByAnyone(change)) {
        findings.add(
            Finding.about(change.item(), "poison, and no dead letter: " + change.version()));
      }
    }
    for (String version : left) {
      findings.add(Finding.general("a dead letter of a change that never was: " + version));
    }
  }

  /** Versions of the records that keep their message in the queue; and it must be there. */
  private Set<String> leftUnsettled() {
    Set<String> left = new HashSet<>();
    for (ReplayedMessage message : replayed) {
      if (message.fate() == Fate.KEPT) {
        message.records().stream()
            .filter(each -> !each.outcome().isSettled())
            .forEach(each -> left.add(String.valueOf(each.version())));
      }
    }
    int kept = DeadLetters.kept(replayed);
    int depth = pipeline.deadLetters.depth();
    if (depth != kept) {
      findings.add(
          Finding.general(
              "the dead-letter queue holds %,d messages, and the replay kept %,d"
                  .formatted(depth, kept)));
    }
    return left;
  }

  private void checkTotals() {
    long counted = pipeline.totals.records();
    long least = pipeline.accounts.answeredRecords();
    long most = pipeline.accounts.records();
    if (counted < least || counted > most) {
      findings.add(
          Finding.general(
              "the function's metrics count %,d records; %,d were answered and %,d delivered"
                  .formatted(counted, least, most)));
    }
    long applied = pipeline.totals.sum(Metric.APPLIED);
    if (applied > pipeline.engineWrites.written()) {
      findings.add(
          Finding.general(
              "the function's metrics count %,d changes as applied; the engine wrote %,d times"
                  .formatted(applied, pipeline.engineWrites.written())));
    }
  }

  /** Where an item's document stands, for its history. */
  String standing(ItemName item) {
    JsonNode stands = documents.get(item.documentId());
    return stands == null
        ? "no document"
        : "document at %s%s, indexed at %s"
            .formatted(
                stands.path("deleted").asBoolean() ? "removal " : "",
                stands.path("version").asText(),
                stands.path("indexedAt").asText());
  }

  /** The records of the stream about an item. */
  List<String> stream(ItemName item) {
    return changes.stream().filter(change -> change.item().equals(item)).map(Change::line).toList();
  }

  boolean inTable(ItemName item) {
    Change last = newest.get(item);
    return last != null && !last.removal();
  }

  long changes() {
    return changes.size();
  }

  long tombstones() {
    return documents.values().stream().filter(each -> each.path("deleted").asBoolean()).count();
  }

  long documents() {
    return documents.size();
  }
}
