package dev.utsushi.local.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

class LocalSqsIT {
  private static LocalSqs sqs;

  @BeforeAll
  static void start() {
    sqs = LocalSqs.start();
  }

  @AfterAll
  static void close() {
    sqs.close();
  }

  @Test
  void sentMessagesAreReceived() {
    String queue = sqs.client().createQueue(create -> create.queueName("dlq")).queueUrl();
    assertThat(queue).startsWith(sqs.endpoint().toString());
    sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("failed"));

    var messages =
        sqs.client()
            .receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(5))
            .messages();
    assertThat(messages).singleElement().satisfies(m -> assertThat(m.body()).isEqualTo("failed"));
  }

  @Test
  void aMessageHasAtMostOneMebibyte() {
    String queue = queue("large", Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1048576"));
    sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("x".repeat(1_048_576)));

    var messages = sqs.client().receiveMessage(receive -> receive.queueUrl(queue)).messages();
    assertThat(messages.getFirst().body()).hasSize(1_048_576);
    assertThatExceptionOfType(SqsException.class)
        .isThrownBy(
            () ->
                sqs.client()
                    .sendMessage(send -> send.queueUrl(queue).messageBody("x".repeat(1_048_577))));
  }

  @Test
  void aDelayedMessageIsInvisible() {
    String queue = queue("delayed", Map.of(QueueAttributeName.DELAY_SECONDS, "1"));
    long sent = System.nanoTime();
    sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("later"));

    assertThat(sqs.client().receiveMessage(receive -> receive.queueUrl(queue)).messages())
        .isEmpty();
    assertThat(
            sqs.client()
                .receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(20))
                .messages())
        .hasSize(1);
    assertThat(System.nanoTime() - sent).isGreaterThan(900_000_000L);
  }

  @Test
  void messagesReceivedTooOftenAreRedriven() {
    String dead = queue("dead", Map.of());
    String queue =
        queue(
            "live",
            Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                "0",
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\","
                    + "\"maxReceiveCount\":2}"));
    sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("failed"));

    for (int receives = 0; receives < 3; receives++) {
      sqs.client().receiveMessage(receive -> receive.queueUrl(queue));
    }
    assertThat(
            sqs.client()
                .receiveMessage(receive -> receive.queueUrl(dead).waitTimeSeconds(20))
                .messages())
        .singleElement()
        .satisfies(message -> assertThat(message.body()).isEqualTo("failed"));
  }

  private static String queue(String name, Map<QueueAttributeName, String> attributes) {
    return sqs.client()
        .createQueue(create -> create.queueName(name).attributes(attributes))
        .queueUrl();
  }

  @Test
  void twoServersDoNotShareQueues() {
    sqs.client().createQueue(create -> create.queueName("mine"));
    try (var other = LocalSqs.start()) {
      assertThat(other.client().listQueues().queueUrls()).isEmpty();
    }
  }
}
