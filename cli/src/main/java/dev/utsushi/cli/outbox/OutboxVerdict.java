package dev.utsushi.cli.outbox;

import dev.utsushi.cli.outbox.Receiver.Received;
import dev.utsushi.outbox.event.EventKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what a shop wrote with what was received. It shares no code with the relays.
 *
 * @param missing events that were committed and not received
 * @param uncommitted events that were received and not committed
 * @param outOfOrder events that were first received after a later one of their key
 * @param duplicates messages whose event had been received before
 */
record OutboxVerdict(int committed, int missing, int uncommitted, int outOfOrder, int duplicates) {

  static OutboxVerdict of(Set<String> committed, List<Received> received) {
    Map<String, EventKey> firsts = new LinkedHashMap<>();
    received.forEach(each -> firsts.putIfAbsent(each.event().id(), each.event().place()));
    Set<String> missing = new HashSet<>(committed);
    missing.removeAll(firsts.keySet());
    Set<String> uncommitted = new HashSet<>(firsts.keySet());
    uncommitted.removeAll(committed);
    Map<String, Long> last = new HashMap<>();
    int outOfOrder = 0;
    for (EventKey place : firsts.values()) {
      long before = last.getOrDefault(place.key(), 0L);
      outOfOrder += place.sequence() == before + 1 ? 0 : 1;
      last.merge(place.key(), place.sequence(), Math::max);
    }
    return new OutboxVerdict(
        committed.size(),
        missing.size(),
        uncommitted.size(),
        outOfOrder,
        received.size() - firsts.size());
  }

  boolean isGood() {
    return missing == 0 && uncommitted == 0 && outOfOrder == 0;
  }
}
