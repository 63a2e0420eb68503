package dev.utsushi.core.index;

/**
 * The one place that judges what an engine answers, by status and error type and never by the
 * message's words (which differ by engine and version, and quote item content).
 */
final class Replies {
  private Replies() {}

  static Reply of(int status, String result, String errorType) {
    if (status >= 200 && status < 300) {
      return result.equals("noop") ? new Reply.Standing() : new Reply.Written();
    }
    return failure(status, errorType);
  }

  /** A status that is not of a success. */
  static Reply failure(int status, String errorType) {
    String cause = errorType.isEmpty() ? "status " + status : errorType + ", status " + status;
    return switch (status) {
      case 400 -> new Reply.Unfit(cause);
      case 401 -> new Reply.Refused(cause + ": " + WHO);
      case 403 ->
          errorType.equals("cluster_block_exception")
              ? new Reply.Unavailable(cause)
              : new Reply.Refused(cause + ": " + WHO);
      case 404 -> new Reply.Refused(cause + ": " + WHERE);
      case 409, 429 -> new Reply.Unavailable(cause);
      case 413 -> new Reply.TooLarge(cause);
      default -> status >= 500 ? new Reply.Unavailable(cause) : new Reply.Refused(cause);
    };
  }

  private static final String WHO =
      "the engine does not let this function in; check UTSUSHI_SEARCH_AUTH,"
          + " UTSUSHI_SEARCH_SECRET_ARN and the engine's access policy";
  private static final String WHERE =
      "the write alias is gone; restart the function to have its index made anew, then write all"
          + " items again";
}
