package dev.utsushi.operations.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.deadletter.DeadLetterJson;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotReadyException;
import software.amazon.awssdk.services.lambda.model.SnapStartNotReadyException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/**
 * Invokes the replay function of a stream and waits for its reply.
 *
 * <p>A function <a href="https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html">that
 * was idle for long</a> is inactive, and its first invocations fail until Lambda has made it ready
 * again.
 *
 * @param meanwhile runs twice a second during an invocation
 * @param status told what it waits for before an invocation
 */
public record ReplayFunction(
    LambdaClient lambda, DeployedStream stream, Runnable meanwhile, Consumer<String> status) {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int THROTTLED_ATTEMPTS = 5;

  /** About three minutes, with the waits between them. */
  private static final int INACTIVE_ATTEMPTS = 20;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /**
   * Invokes the function.
   *
   * @param parse reads the reply
   * @param consequence what a failure of the function means, to be added to what failed
   * @throws OperationException if there is no reply
   * @throws InterruptedException when interrupted; the invocation itself goes on
   */
  public <T> T invoke(String payload, Function<String, T> parse, String consequence)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return reply(await(payload), parse, consequence);
      } catch (TooManyRequestsException e) {
        String problem = "is throttled: other functions use all of the concurrency";
        waitForNext(attempt, THROTTLED_ATTEMPTS, problem, e);
      } catch (ResourceNotReadyException
          | ResourceConflictException
          | SnapStartNotReadyException e) {
        String problem = "was idle for weeks, and Lambda is making it ready";
        waitForNext(attempt, INACTIVE_ATTEMPTS, problem, e);
      } catch (SdkException e) {
        throw AwsErrors.failure("lambda:InvokeFunction", e);
      }
    }
  }

  /** Not invoked, so a retry is safe. */
  private void waitForNext(int attempt, int most, String problem, SdkException e)
      throws InterruptedException {
    if (attempt == most) {
      throw OperationException.failed(
          "%s %s. Try again".formatted(stream.functionName(), problem), e);
    }
    status.accept("%s %s: waiting".formatted(stream.functionName(), problem));
    Duration wait = FIRST_WAIT.multipliedBy(attempt);
    Thread.sleep(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
  }

  /** Invokes on another thread, since a socket does not notice an interruption. */
  private InvokeResponse await(String payload) throws InterruptedException {
    var task = new FutureTask<>(() -> send(payload));
    Thread.ofPlatform().daemon().name("invocation").start(task);
    while (true) {
      try {
        return task.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        meanwhile.run();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private InvokeResponse send(String payload) {
    SdkBytes bytes = SdkBytes.fromUtf8String(payload);
    return lambda.invoke(invoke -> invoke.functionName(stream.functionName()).payload(bytes));
  }

  private <T> T reply(InvokeResponse response, Function<String, T> parse, String consequence) {
    String payload = response.payload() == null ? "" : response.payload().asUtf8String();
    if (response.functionError() != null) {
      throw OperationException.failed(
          "the replay function %s failed: %s%s; its log group %s says more"
              .formatted(stream.functionName(), error(payload), consequence, stream.logGroup()));
    }
    try {
      return parse.apply(payload);
    } catch (IllegalArgumentException e) {
      throw OperationException.failed(
          "the replay function %s has another version than this command: %s"
              .formatted(
                  stream.functionName(),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static String error(String payload) {
    try {
      JsonNode error = DeadLetterJson.parse(payload);
      return error.path("errorMessage").asText(error.path("errorType").asText("no message"));
    } catch (IllegalArgumentException _) {
      return "no message";
    }
  }
}
