package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

/** Invokes a replay function and waits for its reply. */
final class FunctionInvoker implements ReplayInvoker {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int THROTTLED_TRIES = 5;
  private static final Duration THROTTLED_WAIT = Duration.ofSeconds(2);

  private final LambdaClient lambda;
  private final String function;
  private final String logGroup;
  private final Runnable meanwhile;

  /**
   * Invokes the stream's replay function through this client.
   *
   * @param meanwhile run twice a second while an invocation is under way
   */
  FunctionInvoker(LambdaClient lambda, DeployedStream stream, Runnable meanwhile) {
    this.lambda = lambda;
    function = stream.functionName();
    logGroup = stream.logGroup();
    this.meanwhile = meanwhile;
  }

  @Override
  public ReplayReply invoke(ReplayRequest request) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return reply(await(request));
      } catch (TooManyRequestsException e) {
        // Throttled means not invoked: to try again is safe.
        if (attempt == THROTTLED_TRIES) {
          throw OperationException.failed(
              "%s is throttled: other functions use up the concurrency; try again"
                  .formatted(function),
              e);
        }
        Thread.sleep(THROTTLED_WAIT.multipliedBy(attempt));
      } catch (SdkException e) {
        throw AwsErrors.failure("lambda:InvokeFunction", e);
      }
    }
  }

  /** On a thread of its own: this one has to hear of a Ctrl-C, and the socket's does not. */
  private InvokeResponse await(ReplayRequest request) throws InterruptedException {
    var task = new FutureTask<>(() -> send(request));
    Thread.ofPlatform().daemon().name("invocation").start(task);
    while (true) {
      try {
        return task.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
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
    return lambda.invoke(invoke -> invoke.functionName(function).payload(payload));
  }

  private ReplayReply reply(InvokeResponse response) {
    String payload = response.payload() == null ? "" : response.payload().asUtf8String();
    if (response.functionError() != null) {
      throw OperationException.failed(
          "the replay function %s failed: %s. What it had not settled comes back by itself; its log"
                  .formatted(function, error(payload))
              + " group %s says more".formatted(logGroup));
    }
    try {
      return ReplayReply.parse(payload);
    } catch (IllegalArgumentException e) {
      throw OperationException.failed(
          "the replay function %s is of another version than this command: %s"
              .formatted(function, e.getMessage()),
          e);
    }
  }

  private static String error(String payload) {
    try {
      JsonNode error = JSON.readTree(payload);
      return error.path("errorMessage").asText(error.path("errorType").asText("no message"));
    } catch (JsonProcessingException _) {
      return "no message";
    }
  }
}
