package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/**
 * Invokes a replay function and waits for its reply.
 *
 * @param meanwhile runs twice a second during an invocation
 */
record ReplayInvoker(LambdaClient lambda, DeployedStream stream, Runnable meanwhile)
    implements ReplayLoop.Invoker {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int THROTTLED_ATTEMPTS = 5;
  private static final Duration THROTTLED_WAIT = Duration.ofSeconds(2);

  @Override
  public ReplayReply invoke(ReplayRequest request) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return reply(await(request));
      } catch (TooManyRequestsException e) {
        // Throttled means not invoked, so a retry is safe.
        if (attempt == THROTTLED_ATTEMPTS) {
          throw OperationException.failed(
              "%s is throttled: other functions use all of the concurrency. Try again"
                  .formatted(stream.functionName()),
              e);
        }
        Thread.sleep(THROTTLED_WAIT.multipliedBy(attempt));
      } catch (SdkException e) {
        throw AwsErrors.failure("lambda:InvokeFunction", e);
      }
    }
  }

  /** Invokes on another thread, since a socket does not notice an interruption. */
  private InvokeResponse await(ReplayRequest request) throws InterruptedException {
    var task = new FutureTask<>(() -> send(request));
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

  private InvokeResponse send(ReplayRequest request) {
    SdkBytes payload = SdkBytes.fromUtf8String(request.toJson());
    return lambda.invoke(invoke -> invoke.functionName(stream.functionName()).payload(payload));
  }

  private ReplayReply reply(InvokeResponse response) {
    String payload = response.payload() == null ? "" : response.payload().asUtf8String();
    if (response.functionError() != null) {
      throw OperationException.failed(
          "the replay function %s failed: %s. Messages that it did not finish become visible again"
                  .formatted(stream.functionName(), error(payload))
              + " by themselves; its log group %s says more".formatted(stream.logGroup()));
    }
    try {
      return ReplayReply.parse(payload);
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
