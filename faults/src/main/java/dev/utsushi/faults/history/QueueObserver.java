package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.history.Operation.DeadLettered;
import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Observes every message that a mapping or a stream worker sends to the failure queue.
 *
 * @param messages receives each as it is
 */
public record QueueObserver(History history, Consumer<String> messages) {
  /**
   * The queue has accepted a message.
   *
   * @param message as Lambda documents it
   */
  public void sent(String message) {
    messages.accept(message);
    try {
      JsonNode json = SearchApi.parse(message);
      JsonNode batch =
          json.path(json.has("KinesisBatchInfo") ? "KinesisBatchInfo" : "DDBStreamBatchInfo");
      String first = position(batch, "startSequenceNumber");
      String last = position(batch, "endSequenceNumber");
      String range = batch.path("shardId").asText() + " " + first + " to " + last;
      int batchSize = batch.path("batchSize").asInt();
      List<DeliveredRecord> records = history.lastFailed(first, last);
      if (records.isEmpty() && first.equals(last)) {
        // A stream worker's: nobody sees what it takes from the stream.
        records = history.recordAt(first);
      }
      history.append(new DeadLettered(range, batchSize, records));
    } catch (IOException e) {
      throw new ChaosException("a message in the failure queue is not JSON", e);
    }
  }

  private static String position(JsonNode batch, String sequenceNumber) {
    return StreamObserver.position(
        batch.path("streamArn").asText(), batch.path(sequenceNumber).asText());
  }
}
