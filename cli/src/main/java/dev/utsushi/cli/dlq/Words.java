package dev.utsushi.cli.dlq;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What AWS and the function have codes for, in the words that a screen has. */
final class Words {
  private Words() {}

  static String form(DeadLetter.Form form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case APPLIED -> "applied";
      case SUPERSEDED -> "superseded";
      case DEFERRED -> "deferred";
      case REJECTED -> "rejected";
      case UNREADABLE -> "unreadable";
      case EXPIRY_KEPT -> "expiry kept";
      case EXPIRED -> "expired";
    };
  }

  /** Lambda's condition, short enough for a column. */
  static String condition(String condition) {
    return switch (condition) {
      case "RetryAttemptsExhausted" -> "attempts used up";
      case "RecordAgeExceeded" -> "grew too old";
      default -> condition;
    };
  }

  /** Why Lambda gave a batch up. */
  static String failure(Failure failure, String functionError) {
    String how =
        functionError.isEmpty()
            ? "the function reported it as failed"
            : "the function ended with " + functionError;
    String attempts =
        failure.invocations() == 1 ? "1 attempt" : failure.invocations() + " attempts";
    return switch (failure.condition()) {
      case "RetryAttemptsExhausted" -> "after %s, %s".formatted(attempts, how);
      case "RecordAgeExceeded" ->
          "it grew older than the mapping's record age, with %s".formatted(attempts);
      default -> "%s, with %s".formatted(failure.condition(), attempts);
    };
  }

  /** A sequence number's end: what tells those of one shard apart. */
  static String tail(String text) {
    return text.length() <= 10 ? text : "…" + text.substring(text.length() - 9);
  }

  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String counted(long count, String one, String several) {
    return "%,d %s".formatted(count, count == 1 ? one : several);
  }
}
