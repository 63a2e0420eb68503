package dev.utsushi.outbox.protocol;

import java.util.List;

/** What came of a {@link Step}. */
public sealed interface Reply {

  /** The rows that were read. */
  record Rows(List<EventRow> rows) implements Reply {}

  /** The write was made; the row is as it is now. */
  record Wrote(EventRow row) implements Reply {}

  /** The row had changed: the write was not made. */
  record Lost() implements Reply {}

  /** The event is marked, by this call or before it. */
  record Noted() implements Reply {}

  /** The broker has the event. */
  record Acknowledged() implements Reply {}

  /** The broker will never take the event. */
  record Refused() implements Reply {}

  /** The broker did not say that it has the event. It may have it. */
  record Unavailable() implements Reply {}

  /** The table did not answer. What was asked may have been done. */
  record Failed() implements Reply {}
}
