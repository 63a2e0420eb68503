package dev.utsushi.outbox.event;

/**
 * Something is wrong with an event, or with the transaction that it was added to. Nothing was
 * written. The message is one line and holds no payload.
 */
public final class OutboxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public OutboxException(String message) {
    super(message);
  }
}
