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

/** Turns a failed call to AWS into one line that says what to do. */
public final class AwsErrors {
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
  private static final Set<String> QUEUE_MISSING =
      Set.of(
          "QueueDoesNotExist",
          "AWS.SimpleQueueService.NonExistentQueue",
          "QueueDeletedRecently",
          "AWS.SimpleQueueService.QueueDeletedRecently");

  private AwsErrors() {}

  /**
   * Makes a call.
   *
   * @param action the IAM action, {@code service:Operation}
   * @throws OperationException if the call fails, unless this thread was interrupted
   */
  public static <T> T call(String action, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failure(action, e);
    }
  }

  /** Returns the exception to throw instead; an interruption stays what it is. */
  public static RuntimeException failure(String action, SdkException failure) {
    return switch (failure) {
      case AwsServiceException e -> refused(action, e);
      case ApiCallTimeoutException e -> unanswered(action, e);
      case ApiCallAttemptTimeoutException e -> unanswered(action, e);
      case AbortedException e -> e;
      default -> unreached(action, failure);
    };
  }

  private static OperationException refused(String action, AwsServiceException e) {
    String code = code(e);
    if (DENIED.contains(code)) {
      return OperationException.failed(
          "access denied: this needs the permission " + action + detail(e), e);
    }
    if (UNKNOWN_CALLER.contains(code)) {
      return OperationException.usage(
          "AWS rejected the credentials (%s): sign in again, or choose another --profile"
              .formatted(code),
          e);
    }
    if (QUEUE_MISSING.contains(code)) {
      return OperationException.failed(
          "the dead-letter queue is missing: someone deleted it. Deploy the stack again", e);
    }
    if (e.isThrottlingException()) {
      return OperationException.failed(
          "AWS is throttling %s: try again in a minute".formatted(action), e);
    }
    return OperationException.failed(
        "%s failed with %d %s%s".formatted(action, e.statusCode(), code, detail(e)), e);
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null
        ? ""
        : String.valueOf(e.awsErrorDetails().errorCode()).replaceAll(".*#", "");
  }

  private static String detail(AwsServiceException e) {
    String message =
        e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    return message == null || message.isBlank() ? "" : ": " + firstLine(message);
  }

  private static OperationException unreached(String action, SdkException e) {
    if (causedBy(e, SocketTimeoutException.class)) {
      return unanswered(action, e);
    }
    if (causedBy(e, ConnectException.class) || causedBy(e, UnknownHostException.class)) {
      return OperationException.failed(
          "no connection for %s (%s): check the network and the region"
              .formatted(action, rootMessage(e)),
          e);
    }
    return OperationException.failed("%s failed: %s".formatted(action, rootMessage(e)), e);
  }

  private static OperationException unanswered(String action, Throwable e) {
    return OperationException.failed(
        "no answer to %s in time: try again. If that does not help, check the network"
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

  private static String rootMessage(Throwable failure) {
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
