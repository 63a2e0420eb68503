package dev.utsushi.outbox.protocol;

/** One request of a run to the table or to the broker; {@link Reply} is what comes of it. */
public sealed interface Step {

  /** Reads the key's last rows up to this one, newest first and consistently. */
  record ReadUpTo(long sequence, int rows) implements Step {}

  /** Reads the key's first row after this one, consistently. */
  record ReadNext(long after) implements Step {}

  /** Writes a state, if the row's revision is unchanged. */
  record Write(EventRow row, EventState next) implements Step {}

  /** Hands an event to the broker. */
  record Publish(EventRow row) implements Step {}

  /** Notes that the broker has the event, unless that is noted already. */
  record Mark(long sequence) implements Step {}

  /** There is nothing left to do. */
  record Done() implements Step {}
}
