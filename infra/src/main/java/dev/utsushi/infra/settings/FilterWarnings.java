package dev.utsushi.infra.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Says how filter patterns leave documents behind. A filter by keys leaves none: a key never
 * changes, and every record has it.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html">Filtering
 *     events of a DynamoDB stream</a>
 */
final class FilterWarnings {
  private static final Map<String, String> CONSEQUENCES =
      Map.of(
          "INSERT", "a new item is not in the index until it changes",
          "MODIFY", "the document of an item that no longer matches stays as it was",
          "REMOVE", "the documents of removed items stay in the index");

  private FilterWarnings() {}

  /** Returns what can happen, in whole sentences; nothing if every document follows its item. */
  static List<String> of(List<JsonNode> patterns) {
    return CONSEQUENCES.keySet().stream()
        .sorted()
        .filter(event -> patterns.stream().noneMatch(each -> takes(each, event)))
        .filter(_ -> !patterns.isEmpty())
        .map(
            event ->
                "No filter pattern takes every %s of its keys: %s. Filter by dynamodb.Keys only."
                    .formatted(event, CONSEQUENCES.get(event)))
        .toList();
  }

  private static boolean takes(JsonNode pattern, String event) {
    JsonNode dynamodb = pattern.path("dynamodb");
    return !dynamodb.has("NewImage")
        && !dynamodb.has("OldImage")
        && !pattern.has("userIdentity")
        && (!pattern.has("eventName") || names(pattern.path("eventName"), event));
  }

  private static boolean names(JsonNode eventNames, String event) {
    return StreamSupport.stream(eventNames.spliterator(), false)
        .anyMatch(each -> each.asText().equals(event));
  }
}
