package dev.utsushi.core.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The dead-letter queue: an SQS standard queue. Every method throws the SDK's {@code SdkException}
 * if SQS rejects the request or does not answer.
 */
public final class DeadLetterQueue {
  /** SQS takes no more messages in one request. */
  public static final int MOST_AT_ONCE = 10;

  private static final int MOST_VISIBILITY_SECONDS = 12 * 60 * 60;

  /** How long the queues of a stack keep a message: SQS allows no more. */
  public static final Duration LONGEST_RETENTION = Duration.ofDays(14);

  private final SqsClient sqs;
  private final String url;

  /** Creates the queue with this URL. */
  public DeadLetterQueue(SqsClient sqs, String url) {
    this.sqs = sqs;
    this.url = url;
  }

  /** Creates the queue with this URL, for the function's own role and region. */
  public static DeadLetterQueue at(String url) {
    return new DeadLetterQueue(
        SqsClient.builder().httpClient(UrlConnectionHttpClient.create()).build(), url);
  }

  /**
   * Approximate figures of the queue.
   *
   * @param inFlight messages that were received and neither deleted nor released
   * @param retention how long SQS keeps a message after it was sent
   */
  public record Figures(long visible, long inFlight, Duration retention) {}

  /** Returns the queue's URL. */
  public String url() {
    return url;
  }

  /** Reads the figures. */
  public Figures figures() {
    Map<QueueAttributeName, String> attributes =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(url)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                            QueueAttributeName.MESSAGE_RETENTION_PERIOD))
            .attributes();
    long seconds = number(attributes, QueueAttributeName.MESSAGE_RETENTION_PERIOD);
    return new Figures(
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
        number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
        // An embedded queue reports none, and keeps messages.
        seconds == 0 ? LONGEST_RETENTION : Duration.ofSeconds(seconds));
  }

  private static long number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
    return Long.parseLong(attributes.getOrDefault(name, "0"));
  }

  /**
   * Receives messages, which are then in flight until the visibility timeout ends.
   *
   * @param most at most this many, and never more than {@link #MOST_AT_ONCE}
   * @param wait how long to wait for the first, in whole seconds up to 20
   */
  public List<Message> receive(int most, Duration wait, Duration visibilityTimeout) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(Math.min(most, MOST_AT_ONCE))
                    .waitTimeSeconds((int) wait.toSeconds())
                    .visibilityTimeout(
                        Math.clamp(visibilityTimeout.toSeconds(), 0, MOST_VISIBILITY_SECONDS))
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  /** Returns how often a message has been received, this time included. */
  public static int receives(Message message) {
    return Integer.parseInt(
        message
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
  }

  /** Returns when a message was sent. */
  public static Instant sentAt(Message message) {
    return Instant.ofEpochMilli(
        Long.parseLong(
            message.attributes().getOrDefault(MessageSystemAttributeName.SENT_TIMESTAMP, "0")));
  }

  /** Divides messages into lists that one request takes. */
  public static List<List<Message>> batches(Collection<Message> messages) {
    return messages.stream().gather(Gatherers.windowFixed(MOST_AT_ONCE)).toList();
  }

  /**
   * Deletes messages.
   *
   * @param messages {@link #MOST_AT_ONCE} at most
   * @return by message id, why some were not deleted
   */
  public Map<String, String> delete(List<Message> messages) {
    var entries =
        entries(
            messages,
            (id, handle) ->
                DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(handle).build());
    return causes(
        messages,
        sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries)).failed());
  }

  /**
   * Makes messages visible again, at once.
   *
   * @param messages {@link #MOST_AT_ONCE} at most
   * @return by message id, why some stay in flight until their visibility timeout ends
   */
  public Map<String, String> release(List<Message> messages) {
    var entries =
        entries(
            messages,
            (id, handle) ->
                ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id(id)
                    .receiptHandle(handle)
                    .visibilityTimeout(0)
                    .build());
    return causes(
        messages,
        sqs.changeMessageVisibilityBatch(request -> request.queueUrl(url).entries(entries))
            .failed());
  }

  private static <E> List<E> entries(List<Message> messages, BiFunction<String, String, E> entry) {
    return IntStream.range(0, messages.size())
        .mapToObj(i -> entry.apply(Integer.toString(i), messages.get(i).receiptHandle()))
        .toList();
  }

  private static Map<String, String> causes(
      List<Message> messages, List<BatchResultErrorEntry> failed) {
    return failed.stream()
        .collect(
            Collectors.toMap(
                entry -> messages.get(Integer.parseInt(entry.id())).messageId(),
                entry -> String.valueOf(entry.code())));
  }

  /** Sends a message; it is in the queue when this returns. */
  public void send(String body) {
    sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
  }
}
