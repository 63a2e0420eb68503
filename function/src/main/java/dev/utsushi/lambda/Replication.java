package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.stream.Decoded;
import dev.utsushi.stream.RecordDecoder;
import java.util.List;

/**
 * The flow: stream records become changes, changes become document writes, writes become outcomes,
 * and the first record without a good one is named to Lambda.
 */
final class Replication {
  private final RecordDecoder decoder;
  private final IndexWriter index;
  private final InvocationTelemetry telemetry;

  Replication(RecordDecoder decoder, IndexWriter index, InvocationTelemetry telemetry) {
    this.decoder = decoder;
    this.index = index;
    this.telemetry = telemetry;
  }

  StreamsEventResponse replicate(List<DynamodbStreamRecord> records, Deadline deadline) {
    return response(records, settle(records, deadline));
  }

  /** What becomes of each record, wherever they come from. */
  List<Settlement> settle(List<DynamodbStreamRecord> records, Deadline deadline) {
    telemetry.started();
    List<Decoded> decoded = records.stream().map(decoder::decode).toList();
    Batch batch = Batch.of(decoded);
    write(batch, deadline);
    List<Settlement> settlements = batch.settlements();
    telemetry.settled(records, settlements);
    return settlements;
  }

  /** Once, unless a change is refused that hides an older one. */
  private void write(Batch batch, Deadline deadline) {
    List<DocumentWrite> writes = batch.nextWrites();
    while (!writes.isEmpty()) {
      batch.written(index.write(writes, deadline));
      writes = batch.nextWrites();
    }
  }

  /**
   * Names the first record that is not settled. Lambda then brings it again and all that come after
   * it: <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html">the
   * lowest sequence number is where it goes on</a>, so that more names would say nothing more.
   */
  private static StreamsEventResponse response(
      List<DynamodbStreamRecord> records, List<Settlement> settlements) {
    for (int i = 0; i < settlements.size(); i++) {
      if (!settlements.get(i).isSettled()) {
        return new StreamsEventResponse(List.of(new BatchItemFailure(identifier(records.get(i)))));
      }
    }
    return new StreamsEventResponse(List.of());
  }

  private static String identifier(DynamodbStreamRecord streamRecord) {
    String sequenceNumber = Records.sequenceNumber(streamRecord);
    if (sequenceNumber == null) {
      throw new IllegalStateException(
          "A record without a sequence number can't be reported, so that the whole batch fails: map"
              + " this function to a DynamoDB stream.");
    }
    return sequenceNumber;
  }
}
