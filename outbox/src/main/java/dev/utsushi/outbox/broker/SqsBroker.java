package dev.utsushi.outbox.broker;

import dev.utsushi.outbox.broker.BrokerAnswer.Acknowledged;
import dev.utsushi.outbox.broker.BrokerAnswer.Unavailable;
import dev.utsushi.outbox.broker.Chunks.Envelope;
import dev.utsushi.outbox.event.OutboxEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * An SQS queue. In a FIFO queue the group is the key, and the deduplication id is the event's: the
 * queue drops what comes again within five minutes.
 */
public final class SqsBroker implements Broker {
  private static final Chunks CHUNKS =
      new Chunks(
          10,
          256 * 1024,
          Long.MAX_VALUE,
          Set.of(
              "AWS.SimpleQueueService.BatchRequestTooLong",
              "BatchRequestTooLong",
              "InvalidMessageContents",
              "InvalidParameterValue",
              "InvalidParameterValueException",
              "InvalidAttributeValue"));

  private final SqsClient sqs;
  private final String queueUrl;
  private final boolean fifo;

  /** Publishes to the queue at this URL; that of a FIFO queue ends with {@code .fifo}. */
  public SqsBroker(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    fifo = queueUrl.endsWith(".fifo");
  }

  @Override
  public List<BrokerAnswer> publish(List<OutboxEvent> events) {
    return CHUNKS.send(events, this::send);
  }

  private List<BrokerAnswer> send(List<Envelope> envelopes) {
    var entries = IntStream.range(0, envelopes.size()).mapToObj(i -> entry(i, envelopes.get(i)));
    var reply = sqs.sendMessageBatch(send -> send.queueUrl(queueUrl).entries(entries.toList()));
    var answers = new BrokerAnswer[envelopes.size()];
    Arrays.fill(answers, new Unavailable("no answer"));
    reply.successful().forEach(sent -> answers[Integer.parseInt(sent.id())] = new Acknowledged());
    reply.failed().forEach(error -> answers[Integer.parseInt(error.id())] = answer(error));
    return List.of(answers);
  }

  private static BrokerAnswer answer(BatchResultErrorEntry error) {
    return CHUNKS.answer(error.code());
  }

  private SendMessageBatchRequestEntry entry(int number, Envelope envelope) {
    OutboxEvent event = envelope.event();
    var entry =
        SendMessageBatchRequestEntry.builder()
            .id(Integer.toString(number))
            .messageBody(envelope.bytes().asUtf8String())
            .messageAttributes(Map.of("topic", text(event.topic())));
    if (fifo) {
      entry.messageGroupId(GroupName.of(event.place().key())).messageDeduplicationId(event.id());
    }
    return entry.build();
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
