package dev.utsushi.core.deadletter;

/** The queue does not do what it is asked; the message says which, why, and what to change. */
public final class QueueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueueException(String message, Throwable cause) {
    super(message, cause);
  }
}
