package dev.utsushi.testbed.search;

/** The engine could not be asked, or refused; the message says what and how, never with content. */
public final class SearchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  SearchException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The reply's status; 0 if there was no reply. */
  public int status() {
    return status;
  }

  SearchException(String message, Throwable cause) {
    super(message, cause);
    status = 0;
  }
}
