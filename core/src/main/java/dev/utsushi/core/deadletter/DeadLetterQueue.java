package dev.utsushi.core.deadletter;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The queue where operators look: an SQS standard queue. */
public final class DeadLetterQueue {
  /** SQS takes no more in one request. */
  public static final int MOST_AT_ONCE = 10;

  /** SQS hides no message longer than 12 hours. */
  private static final int LONGEST_HIDDEN_SECONDS = 12 * 60 * 60;

  private final SqsClient sqs;
  private final String url;

  /** The queue at this URL. */
  public DeadLetterQueue(SqsClient sqs, String url) {
    this.sqs = sqs;
    this.url = url;
  }

  /** The queue at this URL, with the function's own role and region. */
  public static DeadLetterQueue at(String url) {
    return new DeadLetterQueue(
        SqsClient.builder().httpClient(UrlConnectionHttpClient.create()).build(), url);
  }

  /**
   * Receives messages and hides them from everybody else.
   *
   * @param most at most so many, from 1 to {@link #MOST_AT_ONCE}
   * @param wait how long to wait for the first, in whole seconds up to 20
   * @param hidden for how long nobody else, nor the next call, is to see them
   * @throws QueueException if the queue can't be read
   */
  public List<QueuedMessage> receive(int most, Duration wait, Duration hidden) {
    try {
      return sqs
          .receiveMessage(
              request ->
                  request
                      .queueUrl(url)
                      .maxNumberOfMessages(most)
                      .waitTimeSeconds((int) wait.toSeconds())
                      .visibilityTimeout(Math.clamp(hidden.toSeconds(), 0, LONGEST_HIDDEN_SECONDS))
                      .messageSystemAttributeNames(
                          MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
          .messages()
          .stream()
          .map(DeadLetterQueue::queued)
          .toList();
    } catch (SdkException e) {
      throw failed("receive messages from", "sqs:ReceiveMessage", e);
    }
  }

  private static QueuedMessage queued(Message message) {
    String receives =
        message
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
    return new QueuedMessage(
        message.messageId(), message.receiptHandle(), message.body(), Integer.parseInt(receives));
  }

  /**
   * Deletes messages.
   *
   * @param messages {@link #MOST_AT_ONCE} at most
   * @return by message id, why some are still there
   */
  public Map<String, String> delete(List<QueuedMessage> messages) {
    if (messages.isEmpty()) {
      return Map.of();
    }
    try {
      var entries =
          IntStream.range(0, messages.size()).mapToObj(i -> deletion(i, messages.get(i))).toList();
      return causes(
          messages,
          sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries)).failed());
    } catch (SdkException e) {
      Map<String, String> causes = new HashMap<>();
      messages.forEach(message -> causes.put(message.id(), cause(e)));
      return causes;
    }
  }

  /**
   * Lets everybody see messages again at once. Where that fails they come back by themselves,
   * later.
   *
   * @param messages {@link #MOST_AT_ONCE} at most
   * @return by message id, why some stay hidden
   */
  public Map<String, String> show(List<QueuedMessage> messages) {
    if (messages.isEmpty()) {
      return Map.of();
    }
    try {
      var entries =
          IntStream.range(0, messages.size())
              .mapToObj(i -> visibility(i, messages.get(i)))
              .toList();
      return causes(
          messages,
          sqs.changeMessageVisibilityBatch(request -> request.queueUrl(url).entries(entries))
              .failed());
    } catch (SdkException e) {
      Map<String, String> causes = new HashMap<>();
      messages.forEach(message -> causes.put(message.id(), cause(e)));
      return causes;
    }
  }

  /**
   * Puts a message into the queue; it is there when this returns.
   *
   * @throws QueueException if it may not be
   */
  public void park(String body) {
    try {
      sqs.sendMessage(SendMessageRequest.builder().queueUrl(url).messageBody(body).build());
    } catch (SdkException e) {
      throw failed("send a message to", "sqs:SendMessage", e);
    }
  }

  private static DeleteMessageBatchRequestEntry deletion(int id, QueuedMessage message) {
    return DeleteMessageBatchRequestEntry.builder()
        .id(Integer.toString(id))
        .receiptHandle(message.receiptHandle())
        .build();
  }

  private static ChangeMessageVisibilityBatchRequestEntry visibility(
      int id, QueuedMessage message) {
    return ChangeMessageVisibilityBatchRequestEntry.builder()
        .id(Integer.toString(id))
        .receiptHandle(message.receiptHandle())
        .visibilityTimeout(0)
        .build();
  }

  private static Map<String, String> causes(
      List<QueuedMessage> messages, List<BatchResultErrorEntry> failed) {
    Map<String, String> causes = new HashMap<>();
    for (BatchResultErrorEntry entry : failed) {
      causes.put(messages.get(Integer.parseInt(entry.id())).id(), String.valueOf(entry.code()));
    }
    return causes;
  }

  private QueueException failed(String what, String permission, SdkException e) {
    return new QueueException(
        "can't %s %s: %s. Does the queue exist, and may the function's role %s?"
            .formatted(what, url, cause(e), permission),
        e);
  }

  private static String cause(SdkException e) {
    return e instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? String.valueOf(service.awsErrorDetails().errorCode())
        : e.getClass().getSimpleName();
  }
}
