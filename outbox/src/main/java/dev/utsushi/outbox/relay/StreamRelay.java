package dev.utsushi.outbox.relay;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.RelayRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Publishes what the table's stream delivers, as soon as it is delivered. */
public final class StreamRelay {
  private final Waves waves;
  private final OnParked onParked;

  /** Creates a relay. */
  public StreamRelay(Waves waves, OnParked onParked) {
    this.waves = waves;
    this.onParked = onParked;
  }

  /**
   * Publishes events. What it can't publish, it leaves to the poller, and goes on: so it has no
   * failures to report, and no event stops another key.
   *
   * @param delivered a batch of the stream, in its order
   */
  public void relay(List<EventKey> delivered, BooleanSupplier mayGoOn) throws InterruptedException {
    Map<String, List<Long>> byKey = new LinkedHashMap<>();
    for (EventKey place : delivered) {
      byKey.computeIfAbsent(place.key(), _ -> new ArrayList<>()).add(place.sequence());
    }
    waves.run(
        byKey.entrySet().stream()
            .map(key -> new KeyWork(key.getKey(), RelayRun.of(key.getValue(), onParked)))
            .toList(),
        mayGoOn);
  }
}
