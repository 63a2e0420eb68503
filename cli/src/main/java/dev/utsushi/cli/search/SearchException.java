package dev.utsushi.cli.search;

/** The engine could not be asked, or refused; the message says what and how, never with content. */
public final class SearchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SearchException(String message) {
    super(message);
  }

  SearchException(String message, Throwable cause) {
    super(message, cause);
  }
}
