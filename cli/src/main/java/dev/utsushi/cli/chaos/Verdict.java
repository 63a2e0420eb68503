package dev.utsushi.cli.chaos;

import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.testbed.comparison.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether all that must hold holds, once everything has come to rest. */
final class Verdict {
  private final Evidence evidence;
  private final Accounts accounts;
  private final ItemNames names;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<ItemName, Change> newest = new HashMap<>();
  private final Map<ItemName, Change> newestIndexable = new HashMap<>();

  private Verdict(Evidence evidence, Accounts accounts, ItemNames names) {
    this.evidence = evidence;
    this.accounts = accounts;
    this.names = names;
    for (Change change : evidence.changes()) {
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
  static List<Finding> on(Evidence evidence, Accounts accounts, ItemNames names) {
    var verdict = new Verdict(evidence, accounts, names);
    verdict.requireStreamOfTheTable();
    verdict.checkDifferences();
    verdict.checkVersions();
    verdict.checkAccounts();
    verdict.checkDeadLetters();
    verdict.checkTotals();
    return List.copyOf(verdict.findings);
  }

  /** What the table holds is what its stream tells: or a change was written while it was off. */
  private void requireStreamOfTheTable() {
    var told = StreamTruth.table(evidence.changes());
    for (var item : evidence.items()) {
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

  private void checkDifferences() {
    for (Difference difference : evidence.differences()) {
      ItemName item = item(difference);
      if (!excused(item, difference)) {
        found(item, difference.line());
      }
    }
  }

  private ItemName item(Difference difference) {
    return switch (difference) {
      case Difference.Missing(String key) -> names.ofText(key);
      case Difference.Extra(String id) -> names.ofDocument(id);
      case Difference.Different(String key, _) -> names.ofText(key);
      case Difference.Doubled(String key, _) -> names.ofText(key);
      case Difference.Malformed(String id, _) -> names.ofDocument(id);
    };
  }

  /** The last change of the item is one that the engine refuses: its document stands before it. */
  private boolean excused(ItemName item, Difference difference) {
    Change last = newest.get(item);
    return last != null
        && last.poison()
        && (difference instanceof Difference.Missing || difference instanceof Difference.Different);
  }

  private void checkVersions() {
    Set<String> unexpected = new HashSet<>(evidence.documents().keySet());
    for (ItemName item : newest.keySet()) {
      unexpected.remove(item.documentId());
      checkVersion(item, Optional.ofNullable(newestIndexable.get(item)));
    }
    for (String id : unexpected) {
      found(names.ofDocument(id), "a document that no change made: " + id);
    }
  }

  private void checkVersion(ItemName item, Optional<Change> expected) {
    StandingDocument stands = evidence.documents().get(item.documentId());
    if (stands == null) {
      expected.ifPresent(
          change -> found(item, "no document, and there should be " + change.line()));
    } else if (expected.filter(stands::isOf).isEmpty()) {
      found(
          item,
          "stands at %s and should at %s"
              .formatted(stands.line(), expected.map(Change::line).orElse("nothing")));
    }
  }

  private void checkAccounts() {
    Set<String> real = new HashSet<>();
    for (Change change : evidence.changes()) {
      real.add(change.version());
      if (!accounts.settled(change)) {
        found(change.item(), "neither acknowledged nor parked: " + change.version());
      }
    }
    for (var delivered : accounts.delivered()) {
      if (!real.contains(delivered.version())) {
        found(delivered.item(), "delivered, and in no stream: " + delivered.version());
      }
    }
  }

  /** Poison stays in the queue, all of it and nothing else. */
  private void checkDeadLetters() {
    Set<String> left = leftUnsettled();
    for (Change change : evidence.changes()) {
      boolean stays = left.remove(change.version());
      if (stays && !change.poison()) {
        found(change.item(), "still a dead letter after the replay: " + change.version());
      }
      // A newer change of the item in the same batch stands for the poison before it.
      if (change.poison() && !stays && !accounts.acknowledgedByAnyone(change)) {
        found(change.item(), "poison, and no dead letter: " + change.version());
      }
    }
    for (String version : left) {
      findings.add(Finding.general("a dead letter of a change that never was: " + version));
    }
    int kept = evidence.deadLetters().kept();
    int depth = evidence.deadLetters().depth();
    if (depth != kept) {
      findings.add(
          Finding.general(
              "the dead-letter queue holds %,d messages, and the replay kept %,d"
                  .formatted(depth, kept)));
    }
  }

  /** Versions of the records that keep their message in the queue. */
  private Set<String> leftUnsettled() {
    Set<String> left = new HashSet<>();
    for (ReplayedMessage message : evidence.deadLetters().replayed()) {
      if (message.fate() == Fate.KEPT) {
        message.records().stream()
            .filter(each -> !each.outcome().isSettled())
            .forEach(each -> left.add(String.valueOf(each.version())));
      }
    }
    return left;
  }

  private void checkTotals() {
    var totals = evidence.totals();
    if (totals.counted() < totals.answered() || totals.counted() > totals.delivered()) {
      findings.add(
          Finding.general(
              "the function's metrics count %,d records; %,d were answered and %,d delivered"
                  .formatted(totals.counted(), totals.answered(), totals.delivered())));
    }
    if (totals.applied() > totals.written()) {
      findings.add(
          Finding.general(
              "the function's metrics count %,d changes as applied; the engine wrote %,d times"
                  .formatted(totals.applied(), totals.written())));
    }
  }

  private void found(ItemName item, String what) {
    findings.add(Finding.about(item, what));
  }
}
