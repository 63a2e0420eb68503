package dev.utsushi.outbox.table;

import dev.utsushi.outbox.event.OutboxEvent;
import dev.utsushi.outbox.protocol.EventRow;

/** An event with its row's revision and state. */
public record StoredEvent(OutboxEvent event, EventRow row) {

  /** Returns the state by its name in the table. */
  public String state() {
    return EventItems.name(row.state());
  }
}
