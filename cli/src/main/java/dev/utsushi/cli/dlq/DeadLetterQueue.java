package dev.utsushi.cli.dlq;

import dev.utsushi.operations.stack.AwsErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queue, ten messages at a time, as SQS has it. */
final class DeadLetterQueue {
  /** What SQS takes in one call. */
  static final int BATCH = 10;

  /** What SQS allows, and what the stack's queues have. */
  private static final Duration LONGEST_RETENTION = Duration.ofDays(14);

  /** Long polling: it asks all of SQS's servers, where a short poll asks some. */
  private static final int WAIT_SECONDS = 1;

  /**
   * How the queue stands, about.
   *
   * @param hidden received by somebody and neither deleted nor visible again
   * @param retention how long a message is kept after it was sent
   */
  record Standing(long visible, long hidden, Duration retention) {}

  private final SqsClient sqs;
  private final String url;

  DeadLetterQueue(SqsClient sqs, String url) {
    this.sqs = sqs;
    this.url = url;
  }

  Standing standing() {
    Map<QueueAttributeName, String> attributes =
        AwsErrors.call(
                "sqs:GetQueueAttributes",
                () ->
                    sqs.getQueueAttributes(
                        request ->
                            request
                                .queueUrl(url)
                                .attributeNames(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                    QueueAttributeName.MESSAGE_RETENTION_PERIOD)))
            .attributes();
    return new Standing(
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
        retention(attributes));
  }

  /** An embedded queue does not say, and forgets nothing. */
  private static Duration retention(Map<QueueAttributeName, String> attributes) {
    long seconds = number(attributes, QueueAttributeName.MESSAGE_RETENTION_PERIOD);
    return seconds == 0 ? LONGEST_RETENTION : Duration.ofSeconds(seconds);
  }

  private static long number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
    return Long.parseLong(attributes.getOrDefault(name, "0"));
  }

  /** Receives up to so many, and hides them; none when there is none to be had. */
  List<Message> receive(int most, Duration hidden) {
    return AwsErrors.call(
            "sqs:ReceiveMessage",
            () ->
                sqs.receiveMessage(
                    request ->
                        request
                            .queueUrl(url)
                            .maxNumberOfMessages(Math.min(BATCH, most))
                            .waitTimeSeconds(WAIT_SECONDS)
                            .visibilityTimeout((int) hidden.toSeconds())
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                            .messageAttributeNames("All")))
        .messages();
  }

  /** Makes received messages visible again, at once. */
  void release(Collection<String> receiptHandles) {
    for (List<String> batch : batches(receiptHandles)) {
      List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
      for (String handle : batch) {
        entries.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(handle)
                .visibilityTimeout(0)
                .build());
      }
      AwsErrors.call(
          "sqs:ChangeMessageVisibility",
          () ->
              sqs.changeMessageVisibilityBatch(request -> request.queueUrl(url).entries(entries)));
    }
  }

  /** Deletes received messages, at most ten; returns those that SQS did not, by message id. */
  List<String> delete(List<Message> messages) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (Message message : messages) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(message.receiptHandle())
              .build());
    }
    return AwsErrors.call(
            "sqs:DeleteMessage",
            () -> sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries)))
        .failed()
        .stream()
        .map(BatchResultErrorEntry::id)
        .map(id -> messages.get(Integer.parseInt(id)).messageId())
        .toList();
  }

  /** When a message was sent, as SQS says. */
  static Instant sentAt(Message message) {
    return Instant.ofEpochMilli(
        Long.parseLong(
            message.attributes().getOrDefault(MessageSystemAttributeName.SENT_TIMESTAMP, "0")));
  }

  /** How often it was received, this time included. */
  static int receives(Message message) {
    return Integer.parseInt(
        message
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "0"));
  }

  private static List<List<String>> batches(Collection<String> all) {
    List<String> list = List.copyOf(all);
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < list.size(); from += BATCH) {
      batches.add(list.subList(from, Math.min(from + BATCH, list.size())));
    }
    return batches;
  }
}
