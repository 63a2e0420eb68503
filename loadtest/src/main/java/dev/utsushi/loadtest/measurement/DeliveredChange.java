package dev.utsushi.loadtest.measurement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream record on its way into the function.
 *
 * @param writeNumber as the item holds it: the write's own, or, for a removal, that of the write
 *     which left what is removed; negative for a write that is no part of the test
 */
public record DeliveredChange(String sequenceNumber, int writeNumber, boolean removal) {

  /** The attribute with the number of the write that left the item as it is. */
  public static final String WRITE_NUMBER = "writeNumber";

  private static final int NOT_OURS = -1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The records of an event as Lambda sends it. */
  public static List<DeliveredChange> of(byte[] event) {
    try {
      List<DeliveredChange> changes = new ArrayList<>();
      for (JsonNode each : JSON.readTree(event).path("Records")) {
        changes.add(of(each));
      }
      return changes;
    } catch (IOException e) {
      throw new UncheckedIOException("An event that is no JSON", e);
    }
  }

  private static DeliveredChange of(JsonNode each) {
    boolean removal = each.path("eventName").asText().equals("REMOVE");
    JsonNode change = each.path("dynamodb");
    String number =
        change
            .path(removal ? "OldImage" : "NewImage")
            .path(WRITE_NUMBER)
            .path("N")
            .asText(Integer.toString(NOT_OURS));
    return new DeliveredChange(
        change.path("SequenceNumber").asText(), Integer.parseInt(number), removal);
  }

  /**
   * How many of a batch's first records are done with, by the function's reply: all before the
   * earliest that it names, and none if it names one that is not there.
   */
  public static int settledBy(String reply, List<DeliveredChange> batch) {
    int settled = batch.size();
    for (String failed : failures(reply)) {
      settled = Math.min(settled, indexOf(failed, batch));
    }
    return settled;
  }

  private static List<String> failures(String reply) {
    try {
      List<String> failures = new ArrayList<>();
      for (JsonNode each : JSON.readTree(reply).path("batchItemFailures")) {
        failures.add(each.path("itemIdentifier").asText());
      }
      return failures;
    } catch (JsonProcessingException _) {
      // No JSON is no report of a failure, to Lambda as well.
      return List.of();
    }
  }

  private static int indexOf(String sequenceNumber, List<DeliveredChange> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).sequenceNumber().equals(sequenceNumber)) {
        return i;
      }
    }
    return 0;
  }
}
