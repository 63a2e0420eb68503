package dev.utsushi.operations.stack;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns a failed call to AWS into one line that says what to do. */
public final class AwsErrors {
  private static final Pattern DENIED = Pattern.compile(".*AccessDenied.*|UnauthorizedOperation");
  private static final Pattern UNKNOWN_CALLER =
      Pattern.compile(
          "ExpiredToken.*|InvalidClientTokenId|UnrecognizedClient.*|InvalidAccessKeyId"
              + "|.*Signature.*|MissingAuthenticationToken.*");
  private static final Pattern QUEUE_MISSING =
      Pattern.compile(".*(QueueDoesNotExist|NonExistentQueue|QueueDeletedRecently)");

  private AwsErrors() {}

  /**
   * Runs a call.
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
    if (DENIED.matcher(code).matches()) {
      return OperationException.failed(
          "access denied: this needs the permission " + action + detail(e), e);
    }
    if (UNKNOWN_CALLER.matcher(code).matches()) {
      return OperationException.usage(
          "AWS rejected the credentials (%s): sign in again, or choose another --profile"
              .formatted(code),
          e);
    }
    if (QUEUE_MISSING.matcher(code).matches()) {
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
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = firstLine(root.getMessage() == null ? root.toString() : root.getMessage());
    return switch (root) {
      case SocketTimeoutException _ -> unanswered(action, e);
      case ConnectException _, UnknownHostException _ ->
          OperationException.failed(
              "no connection for %s (%s): check the network and the region"
                  .formatted(action, message),
              e);
      default -> OperationException.failed("%s failed: %s".formatted(action, message), e);
    };
  }

  private static OperationException unanswered(String action, Throwable e) {
    return OperationException.failed(
        "no answer to %s in time: try again. If that does not help, check the network"
            .formatted(action),
        e);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
