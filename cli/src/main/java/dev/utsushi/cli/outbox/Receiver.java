package dev.utsushi.cli.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.outbox.broker.CloudEvents;
import dev.utsushi.outbox.event.OutboxEvent;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Receives everything from a queue, on a thread of its own. */
final class Receiver implements AutoCloseable {

  /**
   * A message.
   *
   * @param sentAt when the queue took it, in milliseconds since the epoch
   */
  record Received(OutboxEvent event, long sentAt) {}

  private final List<Received> received = new ArrayList<>();
  private final SqsClient sqs;
  private final String queueUrl;
  private final Thread thread = Thread.ofVirtual().name("receiver").unstarted(this::receive);
  private volatile boolean closed;

  Receiver(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    thread.start();
  }

  private void receive() {
    while (!closed) {
      var messages =
          sqs.receiveMessage(
                  receive ->
                      receive
                          .queueUrl(queueUrl)
                          .maxNumberOfMessages(10)
                          .waitTimeSeconds(1)
                          .messageSystemAttributeNames(MessageSystemAttributeName.SENT_TIMESTAMP))
              .messages();
      for (Message message : messages) {
        long sentAt =
            Long.parseLong(message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP));
        add(new Received(CloudEvents.read(message.body().getBytes(UTF_8)), sentAt));
      }
      delete(messages);
    }
  }

  private void delete(List<Message> messages) {
    if (!messages.isEmpty()) {
      var entries =
          messages.stream()
              .map(
                  message ->
                      DeleteMessageBatchRequestEntry.builder()
                          .id(message.messageId())
                          .receiptHandle(message.receiptHandle())
                          .build())
              .toList();
      sqs.deleteMessageBatch(delete -> delete.queueUrl(queueUrl).entries(entries));
    }
  }

  private synchronized void add(Received message) {
    received.add(message);
  }

  /** Returns what was received so far, in its order. */
  synchronized List<Received> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
