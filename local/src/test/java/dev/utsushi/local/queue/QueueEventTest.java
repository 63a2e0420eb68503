package dev.utsushi.local.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class QueueEventTest {
  private static final String ARN = "arn:aws:sqs:eu-west-1:123456789012:queue";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void hasTheFieldsOfLambdasOwn() throws Exception {
    var message =
        Message.builder()
            .messageId("id")
            .receiptHandle("handle")
            .body("{\"a\": \"写し\"}")
            .md5OfBody("md5")
            .attributes(
                Map.of(
                    MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2",
                    MessageSystemAttributeName.SENT_TIMESTAMP, "1545082649183"))
            .messageAttributes(
                Map.of(
                    "own",
                    MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(SdkBytes.fromUtf8String("b"))
                        .build()))
            .build();

    var event = QueueEvent.of(ARN, List.of(message)).getFirst();

    assertThat(JSON.readTree(event.payload()))
        .isEqualTo(
            JSON.readTree(
                """
                {"Records": [{"messageId": "id", "receiptHandle": "handle",
                  "body": "{\\"a\\": \\"写し\\"}",
                  "attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1545082649183"},
                  "messageAttributes": {"own": {"binaryValue": "Yg==", "stringListValues": [],
                    "binaryListValues": [], "dataType": "Binary"}},
                  "md5OfBody": "md5", "eventSource": "aws:sqs",
                  "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:queue",
                  "awsRegion": "eu-west-1"}]}
                """));
  }

  @Test
  void messagesOfMoreThanSixMegabytesAreSeveralEvents() {
    var large = Message.builder().messageId("id").body("x".repeat(1_000_000)).build();

    var events = QueueEvent.of(ARN, Collections.nCopies(10, large));

    assertThat(events).extracting(event -> event.messages().size()).containsExactly(6, 4);
    assertThat(events)
        .allSatisfy(event -> assertThat(event.payload()).hasSizeLessThan(6 * 1024 * 1024));
  }
}
