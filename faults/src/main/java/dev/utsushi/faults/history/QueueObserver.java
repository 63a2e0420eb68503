package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.history.Operation.DeadLettered;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;

/** Observes every message that the mapping sends to the failure queue. */
public record QueueObserver(History history) {
  /**
   * The queue has accepted a message.
   *
   * @param message as Lambda documents it
   */
  public void sent(String message) {
    try {
      JsonNode json = SearchApi.parse(message);
      JsonNode batch =
          json.path(json.has("KinesisBatchInfo") ? "KinesisBatchInfo" : "DDBStreamBatchInfo");
      String first = position(batch, "startSequenceNumber");
      String last = position(batch, "endSequenceNumber");
      String range = batch.path("shardId").asText() + " " + first + " to " + last;
      int batchSize = batch.path("batchSize").asInt();
      history.append(new DeadLettered(range, batchSize, history.lastFailed(first, last)));
    } catch (IOException e) {
      throw new ChaosException("a message in the failure queue is not JSON", e);
    }
  }

  private static String position(JsonNode batch, String sequenceNumber) {
    return StreamObserver.position(
        batch.path("streamArn").asText(), batch.path(sequenceNumber).asText());
  }
}
