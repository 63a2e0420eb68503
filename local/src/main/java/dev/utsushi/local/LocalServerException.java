package dev.utsushi.local;

/** An embedded server did not start or did not answer: which one, and why. */
public final class LocalServerException extends RuntimeException {
  /**
   * @param server what did not work, for example {@code "OpenSearch did not start"}
   * @param cause what the server said
   */
  public LocalServerException(String server, Throwable cause) {
    super(server + ": " + cause, cause);
  }

  /**
   * @param message what did not work, and what the server said
   */
  public LocalServerException(String message) {
    super(message);
  }
}
