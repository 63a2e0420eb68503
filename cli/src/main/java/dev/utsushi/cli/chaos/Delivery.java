package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Records that were brought to the function together.
 *
 * @param number counted over the whole run
 */
record Delivery(long number, Source source, List<Delivered> records) {

  /** Who brought them. */
  enum Source {
    MAPPING,
    DUPLICATE,
    REDELIVERY
  }

  /** One record of it, with its JSON to be brought again. */
  record Delivered(ItemName item, String sequenceNumber, String version, String json) {

    private static Delivered of(JsonNode record) {
      String sequenceNumber = record.path("dynamodb").path("SequenceNumber").asText();
      return new Delivered(
          ItemName.of(record.path("dynamodb").path("Keys")),
          sequenceNumber,
          Change.version(record.path("eventSourceARN").asText(), sequenceNumber),
          record.toString());
    }
  }

  static Delivery of(long number, Source source, byte[] payload) {
    try {
      List<Delivered> records = new ArrayList<>();
      JsonNode event = SearchApi.parse(new String(payload, StandardCharsets.UTF_8));
      event.path("Records").forEach(record -> records.add(Delivered.of(record)));
      return new Delivery(number, source, List.copyOf(records));
    } catch (IOException e) {
      throw new IllegalStateException("The mapping sent what is not JSON", e);
    }
  }

  /** How many of the records, from the first on, the function vouches for by this result. */
  int acknowledged(InvocationResult result) {
    if (!(result instanceof InvocationResult.Succeeded(_, String reply))) {
      return 0;
    }
    Set<String> failures = new HashSet<>();
    try {
      SearchApi.parse(reply)
          .path("batchItemFailures")
          .forEach(failure -> failures.add(failure.path("itemIdentifier").asText()));
    } catch (IOException _) {
      return 0;
    }
    int count = 0;
    while (count < records.size() && !failures.contains(records.get(count).sequenceNumber())) {
      count++;
    }
    return count;
  }
}
