package dev.utsushi.outbox.broker;

import dev.utsushi.outbox.event.OutboxEvent;
import java.util.List;

/** Where events are published. Safe for use by many threads. */
public interface Broker {

  /**
   * Publishes events, each as an envelope of {@link CloudEvents}. The answer for one does not
   * depend on the others. It never throws because of an event or of the network.
   *
   * @param events at most one of each key, so that they may go in any order
   * @return an answer for each event, in their order
   */
  List<BrokerAnswer> publish(List<OutboxEvent> events);
}
