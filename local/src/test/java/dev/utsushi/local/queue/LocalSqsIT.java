package dev.utsushi.local.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
  void twoServersDoNotShareQueues() {
    try (var one = LocalSqs.start();
        var two = LocalSqs.start()) {
      one.client().createQueue(create -> create.queueName("mine"));
      assertThat(two.client().listQueues().queueUrls()).isEmpty();
    }
  }
}
