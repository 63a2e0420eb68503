package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads a change in the form that DynamoDB gives it for Kinesis; not by the function's own code.
 */
final class KinesisChange {
  private KinesisChange() {}

  /**
   * Reads a change.
   *
   * @param since the label of the stream's changes
   * @throws IOException if it is not JSON
   */
  static StreamChange of(String position, String since, String data) throws IOException {
    JsonNode json = SearchApi.parse(data);
    JsonNode change = json.path("dynamodb");
    return new StreamChange(
        "",
        position,
        StreamObserver.padded(since, change.path("ApproximateCreationDateTime").asText()),
        ItemName.of(change.path("Keys")),
        json.path("eventName").asText().equals("REMOVE"),
        attributes(change.path("NewImage")));
  }

  private static Map<String, AttributeValue> attributes(JsonNode json) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    json.properties().forEach(each -> attributes.put(each.getKey(), value(each.getValue())));
    return attributes;
  }

  /** Reads a value of a type that the workload writes. */
  private static AttributeValue value(JsonNode json) {
    var only = json.properties().iterator().next();
    JsonNode value = only.getValue();
    return switch (only.getKey()) {
      case "S" -> AttributeValue.fromS(value.asText());
      case "N" -> AttributeValue.fromN(value.asText());
      case "B" -> AttributeValue.fromB(bytes(value));
      case "BOOL" -> AttributeValue.fromBool(value.asBoolean());
      case "NULL" -> AttributeValue.fromNul(true);
      case "SS" -> AttributeValue.fromSs(texts(value));
      case "NS" -> AttributeValue.fromNs(texts(value));
      case "L" -> AttributeValue.fromL(value.valueStream().map(KinesisChange::value).toList());
      case "M" -> AttributeValue.fromM(attributes(value));
      default ->
          throw new ChaosException("the workload writes no attribute of type " + only.getKey());
    };
  }

  private static SdkBytes bytes(JsonNode base64) {
    return SdkBytes.fromByteArray(Base64.getDecoder().decode(base64.asText()));
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
