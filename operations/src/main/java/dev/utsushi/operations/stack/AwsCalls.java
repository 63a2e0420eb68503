package dev.utsushi.operations.stack;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Calls AWS; a failure becomes one line that says what to do. */
public final class AwsCalls {
  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "AWS.SimpleQueueService.AccessDenied",
          "UnauthorizedOperation");
  private static final Set<String> UNKNOWN_CALLER =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "InvalidAccessKeyId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException");
  private static final Set<String> QUEUE_GONE =
      Set.of(
          "QueueDoesNotExist",
          "AWS.SimpleQueueService.NonExistentQueue",
          "QueueDeletedRecently",
          "AWS.SimpleQueueService.QueueDeletedRecently");

  private AwsCalls() {}

  /**
   * Makes a call.
   *
   * @param action as IAM names it, {@code service:Operation}
   * @throws StackException if it fails, unless because this thread was interrupted
   */
  public static <T> T call(String action, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failure(action, e);
    }
  }

  /** What to throw instead; an interruption stays what it is. */
  public static RuntimeException failure(String action, SdkException failure) {
    return switch (failure) {
      case AwsServiceException e -> refused(action, e);
      case ApiCallTimeoutException e -> silent(action, e);
      case ApiCallAttemptTimeoutException e -> silent(action, e);
      case AbortedException e -> e;
      default -> unreached(action, failure);
    };
  }

  /** The error's code, or empty where there is none. */
  public static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null
        ? ""
        : String.valueOf(e.awsErrorDetails().errorCode()).replaceAll(".*#", "");
  }

  private static StackException refused(String action, AwsServiceException e) {
    String code = code(e);
    if (DENIED.contains(code)) {
      return StackException.notDone(
          "access denied: this needs the permission " + action + detail(e), e);
    }
    if (UNKNOWN_CALLER.contains(code)) {
      return StackException.askedWrong(
          "AWS does not accept the credentials (%s): sign in again, or choose others with --profile"
              .formatted(code),
          e);
    }
    if (QUEUE_GONE.contains(code)) {
      return StackException.notDone(
          "the dead-letter queue is gone: somebody deleted it; deploy the stack again", e);
    }
    if (e.isThrottlingException()) {
      return StackException.notDone(
          "AWS throttles %s just now: try again in a minute".formatted(action), e);
    }
    return StackException.notDone(
        "%s failed with %d %s%s".formatted(action, e.statusCode(), code, detail(e)), e);
  }

  private static String detail(AwsServiceException e) {
    String message =
        e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    return message == null || message.isBlank() ? "" : ": " + firstLine(message);
  }

  private static StackException unreached(String action, SdkException e) {
    if (causedBy(e, SocketTimeoutException.class)) {
      return silent(action, e);
    }
    if (causedBy(e, ConnectException.class) || causedBy(e, UnknownHostException.class)) {
      return StackException.notDone(
          "nothing answers %s (%s): is there a network, and is the region right?"
              .formatted(action, rootMessage(e)),
          e);
    }
    return StackException.notDone("%s failed: %s".formatted(action, rootMessage(e)), e);
  }

  private static StackException silent(String action, Throwable e) {
    return StackException.notDone(
        "no answer to %s in time: try again, and look at the network if it stays so"
            .formatted(action),
        e);
  }

  private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
    for (@Nullable Throwable e = failure; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return true;
      }
    }
    return false;
  }

  public static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return firstLine(root.getMessage() == null ? root.toString() : root.getMessage());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
