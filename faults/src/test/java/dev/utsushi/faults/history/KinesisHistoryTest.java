package dev.utsushi.faults.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import java.time.InstantSource;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A change may be at several places of a Kinesis stream, and each of them is delivered. */
class KinesisHistoryTest {
  private static final String SINCE = "2026-11-01T00:00:00.000";
  private static final String ARN = "arn:aws:kinesis:us-east-1:1:stream/chaos";

  private final History history = new History(InstantSource.system(), _ -> {});
  private final DeliveryObserver deliveries = new DeliveryObserver(history, SINCE);

  @Test
  void theVersionIsTheTimeInMicroseconds() throws Exception {
    var change = KinesisChange.of("chaos/1", SINCE, data(1_764_288_000_123_456L));

    assertThat(change.version()).isEqualTo(SINCE + "/0000000000000000000000001764288000123456");
    assertThat(change.item()).isEqualTo(new ItemName("deal", "call"));
    assertThat(change.image()).containsEntry("n", AttributeValue.fromN("1.50"));
  }

  @Test
  void aChangeIsPendingUntilAllOfItsRecordsAreSettled() throws Exception {
    observe(1, 100);
    observe(2, 100);

    deliver("{}", 1);
    assertThat(history.changes()).hasSize(1);
    assertThat(history.pending()).isEqualTo(1);

    deliver("{\"batchItemFailures\":[{\"itemIdentifier\":\"2\"}]}", 1, 2);
    assertThat(history.pending()).isEqualTo(1);

    deliver("{}", 2);
    assertThat(history.pending()).isZero();
  }

  @Test
  void aRecordAfterANewerOneIsCounted() throws Exception {
    observe(1, 100);
    observe(2, 101);
    assertThat(history.overtaken()).isZero();

    observe(3, 100);
    assertThat(history.overtaken()).isEqualTo(1);
  }

  private void observe(int sequenceNumber, long micros) throws Exception {
    String position = StreamObserver.position(ARN, Integer.toString(sequenceNumber));
    history.append(KinesisChange.of(position, SINCE, data(micros)));
  }

  private void deliver(String reply, int... sequenceNumbers) throws Exception {
    String records =
        IntStream.of(sequenceNumbers)
            .mapToObj(KinesisHistoryTest::record)
            .collect(Collectors.joining(","));
    var function =
        new Invocable() {
          @Override
          public InvocationResult invoke(byte[] payload) {
            return new InvocationResult.Succeeded("request", reply);
          }

          @Override
          public String arn() {
            return "arn";
          }
        };
    byte[] event = ("{\"Records\":[" + records + "]}").getBytes(UTF_8);
    assertThat(deliveries.deliver(event, Source.MAPPING, function)).isNotNull();
  }

  private static String record(int sequenceNumber) {
    String data = Base64.getEncoder().encodeToString(data(100).getBytes(UTF_8));
    return """
    {"eventSourceARN":"%s","kinesis":{"sequenceNumber":"%d","data":"%s"}}
    """
        .formatted(ARN, sequenceNumber, data);
  }

  private static String data(long micros) {
    return """
    {"eventName":"MODIFY","dynamodb":{"ApproximateCreationDateTime":%d,
     "Keys":{"dealId":{"S":"deal"},"actionKey":{"S":"call"}},"NewImage":{"n":{"N":"1.50"}}}}
    """
        .formatted(micros);
  }
}
