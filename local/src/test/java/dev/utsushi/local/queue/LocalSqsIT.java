package dev.utsushi.local.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

class LocalSqsIT {
  @Test
  void whatIsSentIsReceived() {
    try (var sqs = LocalSqs.start()) {
      String queue = sqs.client().createQueue(create -> create.queueName("dlq")).queueUrl();
      assertThat(queue).startsWith(sqs.endpoint().toString());
      sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("failed"));

      var messages =
          sqs.client()
              .receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(5))
              .messages();
      assertThat(messages).singleElement().satisfies(m -> assertThat(m.body()).isEqualTo("failed"));
    }
  }

  @Test
  void aMessageMayHaveAMebibyteAndNotAByteMore() {
    try (var sqs = LocalSqs.start()) {
      String queue =
          queue(sqs, "large", Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1048576"));
      sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("x".repeat(1_048_576)));

      var messages = sqs.client().receiveMessage(receive -> receive.queueUrl(queue)).messages();
      assertThat(messages.getFirst().body()).hasSize(1_048_576);
      assertThatExceptionOfType(SqsException.class)
          .isThrownBy(
              () ->
                  sqs.client()
                      .sendMessage(
                          send -> send.queueUrl(queue).messageBody("x".repeat(1_048_577))));
    }
  }

  @Test
  void aDelayHidesWhatIsSent() {
    try (var sqs = LocalSqs.start()) {
      String queue = queue(sqs, "delayed", Map.of(QueueAttributeName.DELAY_SECONDS, "2"));
      long sent = System.nanoTime();
      sqs.client().sendMessage(send -> send.queueUrl(queue).messageBody("later"));

      assertThat(sqs.client().receiveMessage(receive -> receive.queueUrl(queue)).messages())
          .isEmpty();
      assertThat(
              sqs.client()
                  .receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(20))
                  .messages())
          .hasSize(1);
      assertThat(System.nanoTime() - sent).isGreaterThan(1_900_000_000L);
    }
  }

  @Test
  void whatIsReceivedTooOftenIsRedriven() {
    try (var sqs = LocalSqs.start()) {
      String dead = queue(sqs, "dead", Map.of());
      String queue =
          queue(
              sqs,
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
  }

  private static String queue(
      LocalSqs sqs, String name, Map<QueueAttributeName, String> attributes) {
    return sqs.client()
        .createQueue(create -> create.queueName(name).attributes(attributes))
        .queueUrl();
  }

  @Test
  void twoServersDoNotShareQueues() {
    try (var one = LocalSqs.start();
        var two = LocalSqs.start()) {
      one.client().createQueue(create -> create.queueName("mine"));
      assertThat(two.client().listQueues().queueUrls()).isEmpty();
    }
  }
}
