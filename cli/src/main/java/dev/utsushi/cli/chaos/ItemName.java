package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.testbed.activity.ActivityTable;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item's key, and the two names it goes by.
 *
 * @param deal the partition key
 * @param action the sort key
 */
record ItemName(String deal, String action) {

  static ItemName of(Map<String, AttributeValue> key) {
    return new ItemName(
        Objects.requireNonNull(key.get(ActivityTable.PARTITION_KEY)).s(),
        Objects.requireNonNull(key.get(ActivityTable.SORT_KEY)).s());
  }

  /** From the Keys of a stream record as Lambda has it. */
  static ItemName of(JsonNode keys) {
    return new ItemName(
        keys.path(ActivityTable.PARTITION_KEY).path("S").asText(),
        keys.path(ActivityTable.SORT_KEY).path("S").asText());
  }

  /** As the comparison of table and index names it. */
  String text() {
    return deal + "|" + action;
  }

  /** The {@code _id} that the README promises; not the function's own code, which may be wrong. */
  String documentId() {
    return escaped(deal) + "|" + escaped(action);
  }

  private static String escaped(String value) {
    return value.replace("%", "%25").replace("|", "%7C");
  }
}
