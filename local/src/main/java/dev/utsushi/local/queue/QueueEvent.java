package dev.utsushi.local.queue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * The event that a function gets of messages.
 *
 * @param payload JSON in UTF-8
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event">Example
 *     standard queue message event</a>
 */
record QueueEvent(List<Message> messages, String payload) {

  /**
   * What a synchronous invocation takes: 6 MB.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  static final long MOST_BYTES = 6L * 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPENING = "{\"Records\":[";
  private static final String CLOSING = "]}";

  /** One event, or as many as it takes for each to fit into an invocation. */
  static List<QueueEvent> of(String queueArn, List<Message> messages) {
    List<QueueEvent> events = new ArrayList<>();
    List<Message> some = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    long bytes = 0;
    for (Message message : messages) {
      String text = json(queueArn, message);
      long more = text.getBytes(StandardCharsets.UTF_8).length + 1L;
      if (!some.isEmpty() && bytes + more > MOST_BYTES - OPENING.length() - CLOSING.length()) {
        events.add(event(some, texts));
        some.clear();
        texts.clear();
        bytes = 0;
      }
      some.add(message);
      texts.add(text);
      bytes += more;
    }
    events.add(event(some, texts));
    return events;
  }

  private static QueueEvent event(List<Message> messages, List<String> texts) {
    return new QueueEvent(List.copyOf(messages), OPENING + String.join(",", texts) + CLOSING);
  }

  byte[] payloadBytes() {
    return payload.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(String queueArn, Message message) {
    ObjectNode to = JSON.createObjectNode();
    to.put("messageId", message.messageId());
    to.put("receiptHandle", message.receiptHandle());
    to.put("body", message.body());
    ObjectNode attributes = to.putObject("attributes");
    message.attributesAsStrings().forEach(attributes::put);
    ObjectNode own = to.putObject("messageAttributes");
    message.messageAttributes().forEach((name, attribute) -> write(attribute, own.putObject(name)));
    if (message.md5OfMessageAttributes() != null) {
      to.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
    }
    to.put("md5OfBody", message.md5OfBody());
    to.put("eventSource", "aws:sqs");
    to.put("eventSourceARN", queueArn);
    to.put("awsRegion", queueArn.split(":", -1)[3]);
    return to.toString();
  }

  private static void write(MessageAttributeValue attribute, ObjectNode to) {
    if (attribute.stringValue() != null) {
      to.put("stringValue", attribute.stringValue());
    }
    if (attribute.binaryValue() != null) {
      to.put(
          "binaryValue", Base64.getEncoder().encodeToString(attribute.binaryValue().asByteArray()));
    }
    to.putArray("stringListValues");
    to.putArray("binaryListValues");
    to.put("dataType", attribute.dataType());
  }
}
