package dev.utsushi.local.queue;

import static dev.utsushi.local.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.TestCode;
import dev.utsushi.local.handlers.MessageHandler;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class QueueEventSourceMappingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String VISIBILITY_SECONDS = "3";
  private static final QueueMappingSettings REPORTING =
      QueueMappingSettings.defaults().withReportBatchItemFailures(true);

  @TempDir private static Path directory;
  private static LocalSqs sqs;
  private static LambdaFunction function;

  @BeforeAll
  static void start() throws Exception {
    sqs = LocalSqs.start();
    function =
        new LambdaFunction(
            LambdaConfiguration.of(
                    "messages",
                    TestCode.classPath(),
                    MessageHandler.class.getName() + "::handleRequest")
                .withEnvironment(
                    Map.of("RECORDING", recording().toString(), "HEALED", healed().toString())));
    // Otherwise messages could become visible again while the first environment starts.
    assertThat(function.initialize()).isEmpty();
  }

  @AfterAll
  static void stop() {
    function.close();
    sqs.close();
  }

  @AfterEach
  void forget() throws IOException {
    Files.deleteIfExists(recording());
    Files.deleteIfExists(healed());
  }

  private static Path recording() {
    return directory.resolve("recording");
  }

  private static Path healed() {
    return directory.resolve("healed");
  }

  @Test
  void processedMessagesAreDeleted() throws Exception {
    String queue = queue(Map.of());
    try (var mapping = started(queue, function, REPORTING)) {
      send(queue, "one", "two", "three");

      await()
          .alias("three deleted messages")
          .until(() -> mapping.counters().deletedMessages() == 3);
      assertThat(bodies()).containsExactlyInAnyOrder("one", "two", "three");
      assertThat(depth(queue)).isZero();
    }
  }

  @Test
  void onlyAReportedMessageIsReceivedAgainAfterItsVisibilityTimeout() throws Exception {
    String queue = queue(brieflyInvisible());
    send(queue, "one", "report", "two");
    try (var mapping = started(queue, function, REPORTING)) {
      await().alias("a returned message").until(() -> mapping.counters().returnedMessages() > 0);
      heal();
      await().alias("an empty queue").until(() -> depth(queue) == 0);

      assertThat(lines()).anyMatch(line -> line.endsWith(" 2 report"));
      assertThat(bodies().stream().filter(body -> !body.equals("report")))
          .containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void withoutReportingAThrownExceptionFailsTheWholeBatch() throws Exception {
    String queue = queue(brieflyInvisible());
    send(queue, "one", "throw");
    try (var mapping = started(queue, function, QueueMappingSettings.defaults())) {
      await().alias("a failed invocation").until(() -> mapping.counters().failedInvocations() > 0);
      heal();
      await().alias("an empty queue").until(() -> depth(queue) == 0);

      assertThat(bodies()).contains("one", "throw");
      assertThat(mapping.counters().deletedMessages()).isEqualTo(2);
    }
  }

  @Test
  void anUnknownIdentifierFailsTheWholeBatch() throws Exception {
    String queue = queue(brieflyInvisible());
    try (var mapping = started(queue, function, REPORTING)) {
      send(queue, "lie");
      await().alias("a returned message").until(() -> mapping.counters().returnedMessages() > 0);
      assertThat(mapping.counters().deletedMessages()).isZero();
    }
  }

  @Test
  void messagesThatFailTooOftenAreRedriven() throws Exception {
    String deadLetters = queue(Map.of());
    String queue = queue(redriving(deadLetters, 2));
    send(queue, "report me");
    try (var _ = started(queue, function, REPORTING)) {
      await().alias("a dead letter").until(() -> depth(deadLetters) == 1);

      assertThat(depth(queue)).isZero();
      assertThat(lines()).hasSize(2);
      assertThat(
              sqs.client()
                  .receiveMessage(request -> request.queueUrl(deadLetters))
                  .messages()
                  .getFirst()
                  .body())
          .isEqualTo("report me");
    }
  }

  @Test
  void aWindowGathersMoreThanOneReceive() throws Exception {
    String queue = queue(Map.of());
    send(queue, IntStream.range(0, 25).mapToObj(Integer::toString).toArray(String[]::new));
    var settings = REPORTING.withBatchingWindow(Duration.ofSeconds(5)).withBatchSize(25);
    try (var mapping = started(queue, function, settings)) {
      await().alias("all deleted").until(() -> mapping.counters().deletedMessages() == 25);

      assertThat(mapping.counters().invocations()).isEqualTo(1);
    }
  }

  @Test
  void concurrentBatchesAreLimitedByTheMaximumConcurrency() throws Exception {
    String queue = queue(Map.of());
    var busy = new AtomicInteger();
    var most = new AtomicInteger();
    Invocable slow =
        invocable(
            () -> {
              most.accumulateAndGet(busy.incrementAndGet(), Math::max);
              Thread.sleep(200);
              busy.decrementAndGet();
              return new InvocationResult.Succeeded("r", "");
            });
    send(queue, IntStream.range(0, 8).mapToObj(Integer::toString).toArray(String[]::new));
    var settings = REPORTING.withBatchSize(1).withMaximumConcurrency(2);
    try (var mapping = started(queue, slow, settings)) {
      await().alias("all deleted").until(() -> mapping.counters().deletedMessages() == 8);
      assertThat(most).hasValue(2);
    }
  }

  @Test
  void aThrottledBatchIsRetriedWithoutAnotherReceive() throws Exception {
    String queue = queue(Map.of());
    var calls = new AtomicInteger();
    Invocable throttled =
        invocable(
            () ->
                calls.incrementAndGet() < 4
                    ? new InvocationResult.Throttled("r")
                    : new InvocationResult.Succeeded("r", ""));
    try (var mapping = started(queue, throttled, REPORTING)) {
      send(queue, "one");
      await().alias("a deleted message").until(() -> mapping.counters().deletedMessages() == 1);

      assertThat(mapping.counters().throttles()).isEqualTo(3);
      assertThat(mapping.counters().receivedMessages()).isEqualTo(1);
    }
  }

  @Test
  void closingLetsAnInvocationEndAndDeletesWhatItProcessed() throws Exception {
    String queue = queue(Map.of());
    var began = new CountDownLatch(1);
    Invocable slow =
        invocable(
            () -> {
              began.countDown();
              Thread.sleep(500);
              return new InvocationResult.Succeeded("r", "");
            });
    var mapping = started(queue, slow, REPORTING);
    send(queue, "one");
    assertThat(began.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    mapping.close();

    assertThat(mapping.counters().deletedMessages()).isEqualTo(1);
    send(queue, "two");
    assertThat(depth(queue)).isEqualTo(1);
  }

  private static QueueEventSourceMapping started(
      String queue, Invocable function, QueueMappingSettings settings) {
    var mapping = new QueueEventSourceMapping(sqs.client(), queue, function, settings);
    mapping.start();
    return mapping;
  }

  private static Invocable invocable(Callable<InvocationResult> then) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] payload) {
        try {
          return then.call();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public String arn() {
        return "arn:aws:lambda:us-east-1:000000000000:function:test";
      }
    };
  }

  /** Long enough for an invocation on a busy machine, once its environment is started. */
  private static Map<QueueAttributeName, String> brieflyInvisible() {
    return Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, VISIBILITY_SECONDS);
  }

  private static Map<QueueAttributeName, String> redriving(String deadLetters, int receives) {
    String arn =
        sqs.client()
            .getQueueAttributes(
                request ->
                    request.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    return Map.of(
        QueueAttributeName.VISIBILITY_TIMEOUT,
        VISIBILITY_SECONDS,
        QueueAttributeName.REDRIVE_POLICY,
        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn, receives));
  }

  private static String queue(Map<QueueAttributeName, String> attributes) {
    return sqs.client()
        .createQueue(request -> request.queueName("q-" + UUID.randomUUID()).attributes(attributes))
        .queueUrl();
  }

  private static void send(String queue, String... bodies) {
    for (String body : bodies) {
      sqs.client().sendMessage(request -> request.queueUrl(queue).messageBody(body));
    }
  }

  /** Counts visible messages and those in flight. */
  private static int depth(String queue) {
    return sqs
        .client()
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(queue)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  private static void heal() throws IOException {
    Files.writeString(healed(), "");
  }

  private static List<String> lines() throws IOException {
    return Files.exists(recording()) ? Files.readAllLines(recording()) : List.of();
  }

  private static List<String> bodies() throws IOException {
    return lines().stream().map(line -> line.split(" ", 3)[2]).toList();
  }
}
