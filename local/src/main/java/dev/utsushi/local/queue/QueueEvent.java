package dev.utsushi.local.queue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * The event that a function gets of messages.
 *
 * @param records the messages' JSON, in their order
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event">Example
 *     standard queue message event</a>
 */
record QueueEvent(List<Message> messages, List<String> records) {

  /**
   * The largest payload of a synchronous invocation: 6 MB.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  static final long MOST_BYTES = 6L * 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPENING = "{\"Records\":[";
  private static final String CLOSING = "]}";

  /** Returns as few events as the size of an invocation allows; none for no messages. */
  static List<QueueEvent> of(String queueArn, List<Message> messages) {
    List<QueueEvent> events = new ArrayList<>();
    long room = 0;
    for (Message message : messages) {
      String json = json(queueArn, message);
      long bytes = json.getBytes(StandardCharsets.UTF_8).length + 1L;
      if (events.isEmpty() || bytes > room) {
        events.add(new QueueEvent(new ArrayList<>(), new ArrayList<>()));
        room = MOST_BYTES - OPENING.length() - CLOSING.length();
      }
      events.getLast().messages().add(message);
      events.getLast().records().add(json);
      room -= bytes;
    }
    return events;
  }

  byte[] payload() {
    return (OPENING + String.join(",", records) + CLOSING).getBytes(StandardCharsets.UTF_8);
  }

  private static String json(String queueArn, Message message) {
    ObjectNode json = JSON.createObjectNode();
    json.put("messageId", message.messageId())
        .put("receiptHandle", message.receiptHandle())
        .put("body", message.body());
    ObjectNode attributes = json.putObject("attributes");
    message.attributesAsStrings().forEach(attributes::put);
    ObjectNode custom = json.putObject("messageAttributes");
    message.messageAttributes().forEach((name, value) -> write(value, custom.putObject(name)));
    if (message.md5OfMessageAttributes() != null) {
      json.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
    }
    json.put("md5OfBody", message.md5OfBody())
        .put("eventSource", "aws:sqs")
        .put("eventSourceARN", queueArn)
        .put("awsRegion", queueArn.split(":", -1)[3]);
    return json.toString();
  }

  private static void write(MessageAttributeValue attribute, ObjectNode json) {
    if (attribute.stringValue() != null) {
      json.put("stringValue", attribute.stringValue());
    }
    if (attribute.binaryValue() != null) {
      json.put("binaryValue", attribute.binaryValue().asByteArray());
    }
    json.putArray("stringListValues");
    json.putArray("binaryListValues");
    json.put("dataType", attribute.dataType());
  }
}
