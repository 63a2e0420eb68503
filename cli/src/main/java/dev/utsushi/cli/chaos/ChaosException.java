package dev.utsushi.cli.chaos;

/** The run can't go on; the message says why. It is no verdict on the function. */
public final class ChaosException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChaosException(String message) {
    super(message);
  }

  ChaosException(String message, Throwable cause) {
    super(message, cause);
  }
}
