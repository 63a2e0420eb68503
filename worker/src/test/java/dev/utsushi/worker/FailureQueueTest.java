package dev.utsushi.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.telemetry.Log;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

final class FailureQueueTest {
  private static final Log NOWHERE =
      new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());

  @Test
  void theMessageIsThatOfLambdaForTheTablesOwnStream() {
    String arn = "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2026-11-01T00:00:00.000";
    assertThat(message(arn))
        .contains(
            "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":4",
            "\"functionError\":null",
            "\"timestamp\":\"2026-11-28T01:02:09.000Z\"",
            "\"DDBStreamBatchInfo\":{\"shardId\":\"shard-1\",\"startSequenceNumber\":\"17\","
                + "\"endSequenceNumber\":\"17\","
                + "\"approximateArrivalOfFirstRecord\":\"2026-11-28T01:02:03Z\","
                + "\"approximateArrivalOfLastRecord\":\"2026-11-28T01:02:03Z\",\"batchSize\":1,"
                + "\"streamArn\":\""
                + arn);
  }

  @Test
  void theMessageIsThatOfLambdaForKinesis() {
    assertThat(message("arn:aws:kinesis:us-east-1:123456789012:stream/s"))
        .contains(
            "\"KinesisBatchInfo\":{\"shardId\":\"shard-1\"",
            "\"approximateArrivalOfFirstRecord\":\"2026-11-28T01:02:03.400Z\"");
  }

  /** The message is the only trace of the record. */
  @Test
  void itIsSentUntilTheQueueHasIt() throws InterruptedException {
    List<String> sent = new ArrayList<>();
    var queue =
        new FailureQueue(
            message -> {
              sent.add(message);
              if (sent.size() < 3) {
                throw SdkClientException.create("away");
              }
            },
            "arn:aws:kinesis:us-east-1:123456789012:stream/s",
            "worker-1",
            NOWHERE);
    queue.of("shard-1").send(Records.open("17", "a", 1), 4);
    assertThat(sent).hasSize(3);
    assertThat(Set.copyOf(sent)).hasSize(1);
  }

  private static String message(String streamArn) {
    return new FailureQueue(_ -> {}, streamArn, "worker-1", NOWHERE)
        .message("shard-1", Records.open("17", "a", 1), 4, Instant.parse("2026-11-28T01:02:09Z"));
  }
}
