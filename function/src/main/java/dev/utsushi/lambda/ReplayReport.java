package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.deadletter.ReplayedMessage.Origin;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay has to tell, within what Lambda lets it say: <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">6 MB</a>.
 */
final class ReplayReport {
  /** Ten messages more, the most that can come before it is asked again, stay below Lambda's. */
  private static final int FULL_BYTES = 3 << 20;

  private static final int MOST_BYTES_OF_A_MESSAGE = 256 << 10;

  private final Map<Object, ReplayedMessage> messages = new LinkedHashMap<>();
  private int bytes;

  boolean isFull() {
    return bytes > FULL_BYTES;
  }

  List<ReplayedMessage> messages() {
    return List.copyOf(messages.values());
  }

  /** Adds a message, or the copy of one that came in an earlier receipt. */
  void add(Letter letter, ReplayedMessage message) {
    bytes += message.jsonBytes();
    Object identity =
        letter.letter() instanceof DeadLetter.Failed failed
            ? failed.identity()
            : message.messageId();
    messages.merge(identity, message, ReplayReport::merged);
  }

  /** A copy of what was settled before is superseded: what it did the first time is told. */
  private static ReplayedMessage merged(ReplayedMessage first, ReplayedMessage copy) {
    ReplayedMessage worse = first.fate() == Fate.KEPT ? first : copy;
    return new ReplayedMessage(
        first.messageId(),
        first.form(),
        worse.fate(),
        worse.note(),
        first.failure(),
        Math.max(first.receives(), copy.receives()),
        first.copies() + copy.copies(),
        worse.fate() == Fate.KEPT ? worse.records() : first.records(),
        worse.fate() == Fate.KEPT ? worse.unlisted() : first.unlisted());
  }

  /** One message, with as many of its records as there is room for. */
  ReplayedMessage message(
      Letter letter, Fate fate, @Nullable String note, List<ReplayedRecord> records) {
    List<ReplayedRecord> listed = new ArrayList<>();
    Map<Outcome, Integer> unlisted = new EnumMap<>(Outcome.class);
    int size = 0;
    List<ReplayedRecord> unsettledFirst =
        records.stream()
            .sorted(Comparator.comparing(replayed -> replayed.outcome().isSettled()))
            .toList();
    for (ReplayedRecord replayed : unsettledFirst) {
      size += replayed.jsonBytes();
      if (size <= MOST_BYTES_OF_A_MESSAGE) {
        listed.add(replayed);
      } else {
        unlisted.merge(replayed.outcome(), 1, Integer::sum);
      }
    }
    var first = letter.copies().getFirst();
    return new ReplayedMessage(
        first.id(),
        letter.letter().form(),
        fate,
        note,
        letter.letter() instanceof DeadLetter.Failed failed ? Origin.of(failed.failure()) : null,
        first.receives(),
        letter.copies().size(),
        listed,
        unlisted);
  }
}
