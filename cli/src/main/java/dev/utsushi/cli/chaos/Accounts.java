package dev.utsushi.cli.chaos;

import dev.utsushi.cli.chaos.Delivery.Delivered;
import dev.utsushi.cli.chaos.Delivery.Source;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.local.lambda.InvocationResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What became of each change on its way: brought to the function, acknowledged by it, parked. And
 * what must hold of an acknowledgement: the engine has said so.
 */
final class Accounts {
  private final Map<String, Delivered> delivered = new HashMap<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> acknowledgedByAnyone = new HashSet<>();
  private final Map<String, ParkedRange> parked = new HashMap<>();
  private final Set<String> parkedVersions = new HashSet<>();

  /**
   * The records that failed last between these two: with several lanes a range holds others too.
   */
  private final Map<String, List<String>> failedBetween = new HashMap<>();

  private final EngineWrites engine;
  private final Journal journal;
  private final Findings findings;
  private long deliveries;
  private long records;
  private long answeredRecords;
  private long failedDeliveries;
  private long repeated;

  Accounts(EngineWrites engine, Journal journal, Findings findings) {
    this.engine = engine;
    this.journal = journal;
    this.findings = findings;
  }

  synchronized void begun(Delivery delivery) {
    for (Delivered each : delivery.records()) {
      if (delivered.put(each.version(), each) != null) {
        repeated++;
      }
    }
  }

  synchronized void ended(Delivery delivery, InvocationResult result) {
    deliveries++;
    int settled = delivery.acknowledged(result);
    if (result instanceof InvocationResult.Succeeded) {
      answeredRecords += delivery.records().size();
    }
    records += delivery.records().size();
    if (settled < delivery.records().size()) {
      failedDeliveries++;
      failed(delivery.records().subList(settled, delivery.records().size()));
    }
    for (int i = 0; i < delivery.records().size(); i++) {
      Delivered each = delivery.records().get(i);
      note(delivery, i, i < settled ? "acknowledged" : "not acknowledged, " + words(result));
      if (i < settled) {
        acknowledged(delivery, each);
      }
    }
  }

  private void failed(List<Delivered> rest) {
    failedBetween.put(
        rest.getFirst().version() + " " + rest.getLast().version(),
        rest.stream().map(Delivered::version).toList());
  }

  /** Given up from outside: whether the function did its work is not known. */
  synchronized void interrupted(Delivery delivery) {
    records += delivery.records().size();
    for (int i = 0; i < delivery.records().size(); i++) {
      note(delivery, i, "interrupted");
    }
  }

  private void acknowledged(Delivery delivery, Delivered each) {
    acknowledgedByAnyone.add(each.version());
    if (delivery.source() == Source.MAPPING) {
      acknowledged.add(each.version());
    }
    if (!engine.confirmed(each.item(), each.version())) {
      findings.add(
          Finding.about(
              each.item(),
              "acknowledged in delivery %d without the engine's word: %s"
                  .formatted(delivery.number(), each.version())));
    }
  }

  private void note(Delivery delivery, int index, String outcome) {
    Delivered each = delivery.records().get(index);
    journal.item(
        each.item(),
        "delivery %d by %s, record %d of %d, %s: %s"
            .formatted(
                delivery.number(),
                delivery.source().name().toLowerCase(Locale.ROOT),
                index + 1,
                delivery.records().size(),
                each.version(),
                outcome));
  }

  private static String words(InvocationResult result) {
    return switch (result) {
      case InvocationResult.Succeeded _ -> "reported as failed";
      case InvocationResult.FunctionError error -> "the function threw " + error.errorType();
      case InvocationResult.TimedOut _ -> "timed out";
      case InvocationResult.Crashed _ -> "its JVM died";
      case InvocationResult.InitFailed _ -> "its JVM did not start";
      case InvocationResult.Throttled _ -> "throttled";
    };
  }

  synchronized void parked(ParkedRange range) {
    parked.put(range.identity(), range);
    List<String> versions =
        failedBetween.getOrDefault(range.first() + " " + range.last(), List.of());
    if (versions.size() != range.batchSize()) {
      findings.add(Finding.general("parked without having failed: " + range.identity()));
    }
    for (String version : versions) {
      parkedVersions.add(version);
      Delivered each = Objects.requireNonNull(delivered.get(version));
      journal.item(each.item(), "parked   " + range.identity());
    }
  }

  /** What a replay says of its records; the verdict looks at the index, too. */
  synchronized void replayed(Collection<ReplayedMessage> messages) {
    for (ReplayedMessage message : messages) {
      for (ReplayedRecord record : message.records()) {
        Delivered each = delivered.get(String.valueOf(record.version()));
        if (each != null) {
          journal.item(each.item(), "replayed " + record.version() + ": " + record.outcome());
          if (record.outcome().isSettled()) {
            acknowledgedByAnyone.add(each.version());
          }
        }
      }
    }
  }

  /** Whether the mapping may go on past this change. */
  synchronized boolean settled(Change change) {
    return acknowledged.contains(change.version()) || isParked(change);
  }

  /** Also by a duplicate, a redelivery or a replay. */
  synchronized boolean acknowledgedByAnyone(Change change) {
    return acknowledgedByAnyone.contains(change.version());
  }

  synchronized boolean isParked(Change change) {
    return parkedVersions.contains(change.version());
  }

  synchronized long countUnsettled(List<Change> changes) {
    return changes.stream().filter(change -> !settled(change)).count();
  }

  /** All that was ever brought to the function. */
  synchronized List<Delivered> delivered() {
    return List.copyOf(delivered.values());
  }

  synchronized List<ParkedRange> parked() {
    return List.copyOf(parked.values());
  }

  synchronized long deliveries() {
    return deliveries;
  }

  synchronized long failedDeliveries() {
    return failedDeliveries;
  }

  /** Records brought more than once, each time counted. */
  synchronized long repeated() {
    return repeated;
  }

  /** Records of invocations that took place, whatever their end. */
  synchronized long records() {
    return records;
  }

  /** Records of invocations that came to their end. */
  synchronized long answeredRecords() {
    return answeredRecords;
  }
}
