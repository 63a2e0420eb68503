package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.testbed.activity.ActivityTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item's key, and the names that table, event and index give it.
 *
 * @param deal the partition key
 * @param action the sort key
 */
public record ItemName(String deal, String action) {

  /** From an item of the table, or its key. */
  public static ItemName of(Map<String, AttributeValue> item) {
    return new ItemName(
        Objects.requireNonNull(item.get(ActivityTable.PARTITION_KEY)).s(),
        Objects.requireNonNull(item.get(ActivityTable.SORT_KEY)).s());
  }

  /** From the {@code Keys} of a stream record in Lambda's event. */
  static ItemName of(JsonNode keys) {
    return new ItemName(
        keys.path(ActivityTable.PARTITION_KEY).path("S").asText(),
        keys.path(ActivityTable.SORT_KEY).path("S").asText());
  }

  /** The key for a request to the table; the caller may add attributes. */
  public Map<String, AttributeValue> key() {
    Map<String, AttributeValue> key = new LinkedHashMap<>();
    key.put(ActivityTable.PARTITION_KEY, AttributeValue.fromS(deal));
    key.put(ActivityTable.SORT_KEY, AttributeValue.fromS(action));
    return key;
  }

  /** As the comparison of table and index names it. */
  public String text() {
    return deal + "|" + action;
  }

  /** The {@code _id} that the README promises; not computed by the function's own code. */
  public String documentId() {
    return escaped(deal) + "|" + escaped(action);
  }

  private static String escaped(String value) {
    return value.replace("%", "%25").replace("|", "%7C");
  }
}
