package dev.utsushi.loadtest.run;

/** A load test cannot start or continue; the message says why. */
public final class LoadTestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LoadTestException(String message) {
    super(message);
  }

  LoadTestException(String message, Throwable cause) {
    super(message, cause);
  }
}
