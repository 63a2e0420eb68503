package dev.utsushi.outbox.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.LocalClients;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.outbox.broker.BrokerAnswer.Acknowledged;
import dev.utsushi.outbox.event.OutboxEvent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class SqsFifoBrokerIT extends BrokerContract {
  private LocalSqs sqs;
  private int queues;
  private String queueUrl = "";

  @BeforeAll
  void start() {
    sqs = LocalSqs.start();
  }

  @AfterAll
  void stop() {
    sqs.close();
  }

  boolean isFifo() {
    return true;
  }

  @Override
  int tooLarge() {
    return 1_100_000;
  }

  @Override
  URI endpoint() {
    return sqs.endpoint();
  }

  @Override
  Broker broker(URI endpoint) {
    String name = "events-" + queues++ + (isFifo() ? ".fifo" : "");
    Map<QueueAttributeName, String> attributes =
        isFifo() ? Map.of(QueueAttributeName.FIFO_QUEUE, "true") : Map.of();
    queueUrl =
        sqs.client()
            .createQueue(create -> create.queueName(name).attributes(attributes))
            .queueUrl();
    return new SqsBroker(LocalClients.build(SqsClient.builder(), endpoint), queueUrl);
  }

  @Override
  List<OutboxEvent> receive(int events) {
    List<OutboxEvent> received = new ArrayList<>();
    while (received.size() < events) {
      var page =
          sqs.client()
              .receiveMessage(
                  receive -> receive.queueUrl(queueUrl).maxNumberOfMessages(10).waitTimeSeconds(5));
      assertThat(page.messages()).as("after %d of %d", received.size(), events).isNotEmpty();
      page.messages()
          .forEach(
              message -> {
                received.add(CloudEvents.read(message.body().getBytes(UTF_8)));
                sqs.client()
                    .deleteMessage(
                        delete -> delete.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
              });
    }
    return received;
  }

  @Test
  void anEventThatIsPublishedTwiceIsReceivedOnce() {
    Broker broker = broker(endpoint());
    for (int i = 0; i < 2; i++) {
      assertThat(broker.publish(List.of(event("a", 1)))).containsExactly(new Acknowledged());
    }
    broker.publish(List.of(event("a", 2)));
    assertThat(receive(isFifo() ? 2 : 3))
        .extracting(event -> event.place().sequence())
        .contains(1L, 2L);
  }
}
