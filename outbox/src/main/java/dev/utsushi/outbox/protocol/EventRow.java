package dev.utsushi.outbox.protocol;

/**
 * A row of the table, as the protocol sees it.
 *
 * @param revision changes with each write but the mark; a write is made only if it is unchanged
 */
public record EventRow(long sequence, long revision, EventState state) {

  /** Returns the row with another state, as it is after the write. */
  public EventRow to(EventState next) {
    return new EventRow(sequence, revision + 1, next);
  }
}
