package dev.utsushi.local.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The requests that a mapping makes of its queue.
 *
 * @param visibilityTimeout how long a received message stays hidden
 */
record PolledQueue(SqsClient sqs, String url, String arn, Duration visibilityTimeout) {

  /** Lambda polls for up to 20 s at a time; a closing mapping would wait for as long. */
  private static final int LONG_POLL_SECONDS = 1;

  /**
   * Receives at once what there is, or waits a second for something.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the queue does not answer
   */
  List<Message> receive(int most) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(most)
                    .waitTimeSeconds(LONG_POLL_SECONDS)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  /**
   * Deletes them, ten at a time.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the queue does not answer
   */
  void delete(List<Message> messages) {
    for (int from = 0; from < messages.size(); from += QueueMappingSettings.MOST_RECEIVED) {
      int to = Math.min(messages.size(), from + QueueMappingSettings.MOST_RECEIVED);
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

  /** Makes them visible again at once. */
  void release(List<Message> messages) {
    for (Message message : messages) {
      sqs.changeMessageVisibility(
          request ->
              request.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
    }
  }
}
