package dev.utsushi.outbox.broker;

import dev.utsushi.outbox.broker.BrokerAnswer.Acknowledged;
import dev.utsushi.outbox.broker.Chunks.Envelope;
import dev.utsushi.outbox.event.OutboxEvent;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** A Kinesis stream. The partition key is the key. */
public final class KinesisBroker implements Broker {
  /** The largest that a stream can be set to take. */
  private static final long MOST_BYTES_OF_A_RECORD = 10L * 1024 * 1024;

  private static final Chunks CHUNKS =
      new Chunks(
          500,
          4L * 1024 * 1024,
          MOST_BYTES_OF_A_RECORD,
          Set.of("InvalidArgumentException", "ValidationException", "SerializationException"));

  private final KinesisClient kinesis;
  private final String stream;

  /** Publishes to the stream of this name. */
  public KinesisBroker(KinesisClient kinesis, String stream) {
    this.kinesis = kinesis;
    this.stream = stream;
  }

  @Override
  public List<BrokerAnswer> publish(List<OutboxEvent> events) {
    return CHUNKS.send(events, this::send);
  }

  private List<BrokerAnswer> send(List<Envelope> envelopes) {
    var records = envelopes.stream().map(KinesisBroker::entry).toList();
    return kinesis.putRecords(put -> put.streamName(stream).records(records)).records().stream()
        .map(KinesisBroker::answer)
        .toList();
  }

  private static BrokerAnswer answer(PutRecordsResultEntry result) {
    return result.errorCode() == null ? new Acknowledged() : CHUNKS.answer(result.errorCode());
  }

  private static PutRecordsRequestEntry entry(Envelope envelope) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(GroupName.of(envelope.event().place().key()))
        .data(envelope.bytes())
        .build();
  }
}
