package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;

/** What a message of the on-failure queue says of the records that were given up. */
record ParkedRange(String streamArn, String shardId, String first, String last, int batchSize) {

  /**
   * Reads Lambda's own message.
   *
   * @throws ChaosException if it is none
   */
  static ParkedRange of(String message) {
    try {
      JsonNode batch = SearchApi.parse(message).path("DDBStreamBatchInfo");
      String arn = batch.path("streamArn").asText();
      return new ParkedRange(
          arn,
          batch.path("shardId").asText(),
          Change.version(arn, batch.path("startSequenceNumber").asText()),
          Change.version(arn, batch.path("endSequenceNumber").asText()),
          batch.path("batchSize").asInt());
    } catch (IOException e) {
      throw new ChaosException("A message in the on-failure queue that is not JSON", e);
    }
  }

  String identity() {
    return shardId + " " + first + " to " + last;
  }
}
