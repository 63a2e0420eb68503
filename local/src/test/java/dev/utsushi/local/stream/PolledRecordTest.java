package dev.utsushi.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

class PolledRecordTest {

  @Test
  void aRemovalByTimeToLive() {
    Record record =
        record(Map.of("id", AttributeValue.fromS("a"))).toBuilder()
            .eventName(OperationType.REMOVE)
            .userIdentity(
                identity -> identity.type("Service").principalId("dynamodb.amazonaws.com"))
            .build();
    assertThat(polled(record).json())
        .isEqualTo(
            """
            {"eventID":"event-1","eventName":"REMOVE","eventVersion":"1.1",\
            "eventSource":"aws:dynamodb","awsRegion":"us-east-1",\
            "dynamodb":{"ApproximateCreationDateTime":1795219980,"Keys":{"id":{"S":"a"}},\
            "SequenceNumber":"000000000000000000042","SizeBytes":26,\
            "StreamViewType":"NEW_AND_OLD_IMAGES"},\
            "userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},\
            "eventSourceARN":"arn:stream"}\
            """);
  }

  @Test
  void everyTypeOfAttribute() {
    Map<String, AttributeValue> image = new LinkedHashMap<>();
    image.put("s", AttributeValue.fromS("写し\""));
    image.put("n", AttributeValue.fromN("-1.2345678901234567890123456789012345678E+125"));
    image.put("b", AttributeValue.fromB(SdkBytes.fromUtf8String("\u0000\u007f")));
    image.put("bool", AttributeValue.fromBool(false));
    image.put("null", AttributeValue.fromNul(true));
    image.put("ss", AttributeValue.builder().ss("x", "y").build());
    image.put("ns", AttributeValue.builder().ns("1", "2.50").build());
    image.put("bs", AttributeValue.builder().bs(SdkBytes.fromUtf8String("a")).build());
    image.put("l", AttributeValue.fromL(List.of(AttributeValue.fromM(Map.of()))));
    Record record =
        record(Map.of()).toBuilder()
            .dynamodb(
                change ->
                    change
                        .newImage(image)
                        .approximateCreationDateTime(Instant.EPOCH)
                        .sequenceNumber("1")
                        .sizeBytes(1L))
            .build();
    assertThat(polled(record).json())
        .contains(
            """
            "NewImage":{"s":{"S":"写し\\""},\
            "n":{"N":"-1.2345678901234567890123456789012345678E+125"},"b":{"B":"AH8="},\
            "bool":{"BOOL":false},"null":{"NULL":true},"ss":{"SS":["x","y"]},\
            "ns":{"NS":["1","2.50"]},"bs":{"BS":["YQ=="]},"l":{"L":[{"M":{}}]}}\
            """);
  }

  @Test
  void changesOfAnItemShareALaneAndItemsSpreadOverAllLanes() {
    Map<String, AttributeValue> oneOrder = new LinkedHashMap<>();
    oneOrder.put("a", AttributeValue.fromS("1"));
    oneOrder.put("b", AttributeValue.fromN("2"));
    Map<String, AttributeValue> otherOrder = new LinkedHashMap<>();
    otherOrder.put("b", AttributeValue.fromN("2"));
    otherOrder.put("a", AttributeValue.fromS("1"));
    assertThat(polled(record(oneOrder)).itemHash())
        .isEqualTo(polled(record(otherOrder)).itemHash());

    int[] perLane = new int[10];
    IntStream.range(0, 10_000)
        .mapToObj(i -> polled(record(Map.of("id", AttributeValue.fromS("deal-" + i)))))
        .forEach(record -> perLane[record.laneOf(10)]++);
    assertThat(IntStream.of(perLane).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(800, 1200));
  }

  private static PolledRecord polled(Record record) {
    return PolledRecord.of("arn:stream", record);
  }

  private static Record record(Map<String, AttributeValue> keys) {
    return Record.builder()
        .eventID("event-1")
        .eventName(OperationType.INSERT)
        .eventVersion("1.1")
        .eventSource("aws:dynamodb")
        .awsRegion("us-east-1")
        .dynamodb(
            change ->
                change
                    .keys(keys)
                    .approximateCreationDateTime(Instant.parse("2026-11-21T00:13:00Z"))
                    .sequenceNumber("000000000000000000042")
                    .sizeBytes(26L)
                    .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
        .build();
  }
}
