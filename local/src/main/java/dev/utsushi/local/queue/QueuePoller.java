package dev.utsushi.local.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The requests that a mapping makes of its queue. All of them throw {@link
 * software.amazon.awssdk.core.exception.SdkException} if the queue does not answer.
 *
 * @param visibilityTimeout how long a received message stays in flight
 */
record QueuePoller(SqsClient sqs, String url, String arn, Duration visibilityTimeout) {

  /** The most messages in one request to receive or delete. */
  static final int MOST_MESSAGES = 10;

  /** Lambda polls for up to 20 s at a time; closing a mapping would take as long. */
  private static final int LONG_POLL_SECONDS = 1;

  /** Reads the queue's ARN and visibility timeout. */
  static QueuePoller of(SqsClient sqs, String url) {
    var names = List.of(QueueAttributeName.QUEUE_ARN, QueueAttributeName.VISIBILITY_TIMEOUT);
    var attributes =
        sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(names)).attributes();
    String seconds = attributes.getOrDefault(QueueAttributeName.VISIBILITY_TIMEOUT, "30");
    return new QueuePoller(
        sqs,
        url,
        attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, ""),
        Duration.ofSeconds(Long.parseLong(seconds)));
  }

  /** Receives what is visible, or waits a second for the next message. */
  List<Message> receive(int most) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(Math.min(most, MOST_MESSAGES))
                    .waitTimeSeconds(LONG_POLL_SECONDS)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  void delete(List<Message> messages) {
    for (int from = 0; from < messages.size(); from += MOST_MESSAGES) {
      int to = Math.min(messages.size(), from + MOST_MESSAGES);
      List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
      for (Message message : messages.subList(from, to)) {
        entries.add(
            DeleteMessageBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(message.receiptHandle())
                .build());
      }
      sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
    }
  }

  /** Makes the messages visible again at once. */
  void release(List<Message> messages) {
    for (Message message : messages) {
      sqs.changeMessageVisibility(
          request ->
              request.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
    }
  }
}
