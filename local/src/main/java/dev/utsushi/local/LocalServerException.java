package dev.utsushi.local;

/** Reports which embedded server did not start or did not answer, and why. */
public final class LocalServerException extends RuntimeException {
  /**
   * @param problem for example {@code "OpenSearch did not start"}
   * @param cause the server's own exception
   */
  public LocalServerException(String problem, Throwable cause) {
    super(problem + ": " + cause, cause);
  }

  /**
   * @param message the problem, with the server's output
   */
  public LocalServerException(String message) {
    super(message);
  }
}
