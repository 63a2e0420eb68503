package dev.utsushi.core.deadletter;

import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A replay in numbers. Copies of a message count once.
 *
 * @param outcomes records by outcome; every outcome is there
 */
public record ReplayTotals(
    int messages, int deleted, int kept, int records, Map<Outcome, Integer> outcomes) {

  /** The numbers of these messages. */
  public static ReplayTotals of(List<ReplayedMessage> messages) {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    int records = 0;
    for (Outcome outcome : Outcome.values()) {
      int count = messages.stream().mapToInt(message -> message.count(outcome)).sum();
      outcomes.put(outcome, count);
      records += count;
    }
    int deleted = (int) messages.stream().filter(message -> message.fate() == Fate.DELETED).count();
    return new ReplayTotals(messages.size(), deleted, messages.size() - deleted, records, outcomes);
  }

  /** How many records had this outcome. */
  public int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }
}
