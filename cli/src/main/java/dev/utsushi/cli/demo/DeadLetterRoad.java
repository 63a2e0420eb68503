package dev.utsushi.cli.demo;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.CaptureHandler;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.lambda.LambdaApi;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.lambda.LogLine;
import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingSettings;
import dev.utsushi.operations.stack.LocalEndpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Where given-up changes go, as it is deployed: failure queue, capture function, dead-letter queue,
 * replay function, and Lambda's API to invoke that by. No function starts before it is needed.
 */
public final class DeadLetterRoad implements AutoCloseable {
  private static final String STACK = "utsushi-local";
  private static final Duration CAPTURE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration REPLAY_TIMEOUT = Duration.ofSeconds(60);
  private static final int MOST_RECEIVES = 5;
  private static final Duration RETENTION = Duration.ofDays(14);

  private final LocalAws aws;
  private final String queueUrl;
  private final String failureQueueUrl;
  private final LambdaFunction capture;
  private final LambdaFunction replay;
  private final QueueEventSourceMapping mapping;
  private final LambdaApi api;

  /**
   * Starts it on servers that run already.
   *
   * @param environment of the function whose dead letters they are
   */
  public DeadLetterRoad(
      LocalAws aws,
      Path functionJar,
      Map<String, String> environment,
      String tableArn,
      Consumer<LogLine> log) {
    this.aws = aws;
    String name = environment.getOrDefault(Setting.INDEX.variable(), "index");
    queueUrl = deadLetterQueue(aws.sqs().client(), name + "-dead-letters");
    failureQueueUrl = failureQueue(aws.sqs().client(), name + "-failures", queueUrl);
    Map<String, String> variables = variables(aws, environment, tableArn, queueUrl);
    capture =
        new LambdaFunction(
            LambdaConfiguration.of(
                    "capture-" + name, List.of(functionJar), handler(CaptureHandler.class))
                .withTimeout(CAPTURE_TIMEOUT)
                .withEnvironment(variables)
                .withLog(log));
    replay =
        new LambdaFunction(
            LambdaConfiguration.of(
                    "replay-" + name, List.of(functionJar), handler(ReplayHandler.class))
                .withTimeout(REPLAY_TIMEOUT)
                .withEnvironment(variables)
                .withLog(log));
    mapping =
        new QueueEventSourceMapping(
            aws.sqs().client(),
            failureQueueUrl,
            capture,
            QueueMappingSettings.defaults().withReportBatchItemFailures(true));
    mapping.start();
    api = LambdaApi.start();
    api.add(replay, Map.of("aws:cloudformation:stack-name", STACK));
  }

  private static String handler(Class<?> handler) {
    return handler.getName() + "::handleRequest";
  }

  private static Map<String, String> variables(
      LocalAws aws, Map<String, String> environment, String tableArn, String queueUrl) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put(Setting.TABLE_ARN.variable(), tableArn);
    variables.put(Setting.DEAD_LETTER_QUEUE_URL.variable(), queueUrl);
    variables.put("AWS_ENDPOINT_URL_SQS", aws.sqs().endpoint().toString());
    variables.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", aws.dynamoDb().endpoint().toString());
    return variables;
  }

  private static String deadLetterQueue(SqsClient sqs, String name) {
    return sqs.createQueue(
            queue ->
                queue
                    .queueName(name)
                    .attributes(
                        Map.of(
                            QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                            Long.toString(RETENTION.toSeconds()))))
        .queueUrl();
  }

  private static String failureQueue(SqsClient sqs, String name, String deadLetterQueueUrl) {
    String deadLetterArn =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(deadLetterQueueUrl)
                        .attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    return sqs.createQueue(
            queue ->
                queue
                    .queueName(name)
                    .attributes(
                        Map.of(
                            QueueAttributeName.VISIBILITY_TIMEOUT,
                            Long.toString(CAPTURE_TIMEOUT.multipliedBy(6).toSeconds()),
                            QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                            Long.toString(RETENTION.toSeconds()),
                            QueueAttributeName.REDRIVE_POLICY,
                            "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                                .formatted(deadLetterArn, MOST_RECEIVES))))
        .queueUrl();
  }

  /** Where Lambda's own messages go. */
  public String failureQueueUrl() {
    return failureQueueUrl;
  }

  /** Where operators look. */
  public String queueUrl() {
    return queueUrl;
  }

  /** For other terminals. */
  public LocalEndpoints endpoints() {
    return LocalEndpoints.ofThisProcess(
        STACK,
        new LocalEndpoints.Services(
            api.endpoint(),
            aws.sqs().endpoint(),
            aws.dynamoDb().endpoint(),
            aws.search().endpoint()));
  }

  /** Stops the functions; queues go with their server. */
  @Override
  public void close() {
    try (capture;
        replay;
        mapping;
        api) {
      // In the order of the flow, reversed.
    }
  }
}
