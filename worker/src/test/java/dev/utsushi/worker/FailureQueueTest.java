package dev.utsushi.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.telemetry.Log;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

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

  private static String message(String streamArn) {
    SqsClient sqs =
        SqsClient.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    return new FailureQueue(sqs, "q", streamArn, "worker-1", NOWHERE)
        .message("shard-1", Records.open("17", "a", 1), 4, Instant.parse("2026-11-28T01:02:09Z"));
  }
}
