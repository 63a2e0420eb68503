package dev.utsushi.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.CaptureHandler;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The road of what is given up, as it is deployed: a failure queue, the function that captures its
 * records into the dead-letter queue, and the function that an operator replays them with.
 */
final class DeadLetters implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MOST_REPLAYS = 10;

  private final SqsClient sqs;
  private final String failureQueueUrl;
  private final String deadLetterQueueUrl;
  private final LambdaFunction capture;
  private final LambdaFunction replay;
  private final QueueEventSourceMapping captureMapping;

  /**
   * @param replication the function whose failures they are: its code and its settings
   */
  DeadLetters(ChaosServers servers, LambdaConfiguration replication, String tableArn) {
    sqs = servers.sqs().client();
    failureQueueUrl = queue("chaos-failures");
    deadLetterQueueUrl = queue("chaos-dead-letters");
    Map<String, String> environment = new HashMap<>(replication.environment());
    environment.put(Setting.TABLE_ARN.variable(), tableArn);
    environment.put(Setting.DEAD_LETTER_QUEUE_URL.variable(), deadLetterQueueUrl);
    environment.put("AWS_ENDPOINT_URL_SQS", servers.sqs().endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", servers.dynamoDb().endpoint().toString());
    capture = function("capture-chaos", CaptureHandler.class, replication, environment);
    replay = function("replay-chaos", ReplayHandler.class, replication, environment);
    captureMapping =
        new QueueEventSourceMapping(
            sqs,
            failureQueueUrl,
            capture,
            QueueMappingSettings.defaults()
                .withMaximumConcurrency(2)
                .withReportBatchItemFailures(true));
    captureMapping.start();
  }

  private String queue(String name) {
    return sqs.createQueue(create -> create.queueName(name)).queueUrl();
  }

  private static LambdaFunction function(
      String name,
      Class<?> handler,
      LambdaConfiguration replication,
      Map<String, String> environment) {
    return new LambdaFunction(
        LambdaConfiguration.of(name, replication.code(), handler.getName() + "::handleRequest")
            .withEnvironment(environment)
            .withTimeout(TIMEOUT)
            .withReservedConcurrency(2));
  }

  /** Where the event source mapping sends what it gives up. */
  String failureQueueUrl() {
    return failureQueueUrl;
  }

  /** Whether every failure has been captured. */
  boolean allCaptured() {
    return depth(failureQueueUrl) == 0;
  }

  /** Messages in the dead-letter queue, those hidden for now too. */
  int depth() {
    return depth(deadLetterQueueUrl);
  }

  private int depth(String queueUrl) {
    var counts =
        List.of(
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    var attributes =
        sqs.getQueueAttributes(get -> get.queueUrl(queueUrl).attributeNames(counts)).attributes();
    return counts.stream()
        .mapToInt(count -> Integer.parseInt(attributes.getOrDefault(count, "0")))
        .sum();
  }

  /**
   * Replays everything, until the function says that there is no more or meets only what it has
   * met.
   *
   * @return what became of each message in the end
   * @throws ChaosException if the function fails
   */
  Collection<ReplayedMessage> replay() throws InterruptedException {
    Map<String, ReplayedMessage> messages = new LinkedHashMap<>();
    for (int i = 0; i < MOST_REPLAYS; i++) {
      int before = messages.size();
      ReplayReply reply = reply(replay.invoke("{}".getBytes(UTF_8)));
      reply.messages().forEach(message -> messages.put(message.messageId(), message));
      if (reply.stopped() == Stopped.EMPTY || messages.size() == before) {
        break;
      }
    }
    return messages.values();
  }

  private static ReplayReply reply(InvocationResult result) {
    if (result instanceof InvocationResult.Succeeded(_, String payload)) {
      return ReplayReply.parse(payload);
    }
    throw new ChaosException("the replay failed: " + result);
  }

  @Override
  public void close() {
    try (replay;
        capture;
        captureMapping) {
      // The mapping first: nobody is invoked that has gone.
    }
  }
}
