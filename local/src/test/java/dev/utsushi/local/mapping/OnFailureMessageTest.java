package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingEvent.DiscardCondition;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.mapping.OnFailureMessage.LastFailure;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OnFailureMessageTest {

  private static final Invocable VERSION_7 =
      new Invocable() {
        @Override
        public InvocationResult invoke(byte[] payload) {
          throw new AssertionError("a message invokes nothing");
        }

        @Override
        public String arn() {
          return "function-arn";
        }

        @Override
        public String executedVersion() {
          return "7";
        }
      };

  @Test
  void anExceptionIsUnhandled() {
    assertThat(
            message(
                DiscardCondition.RETRY_ATTEMPTS_EXHAUSTED,
                new LastFailure("request-1", 4, false),
                "2026-11-21T00:13:49.717Z"))
        .isEqualTo(
            """
            {"requestContext":{"requestId":"request-1","functionArn":"function-arn",\
            "condition":"RetryAttemptsExhausted","approximateInvokeCount":4},\
            "responseContext":{"statusCode":200,"executedVersion":"7",\
            "functionError":"Unhandled"},\
            "version":"1.0","timestamp":"2026-11-21T00:13:49.717Z",\
            "DDBStreamBatchInfo":{"shardId":"shard","startSequenceNumber":"1",\
            "endSequenceNumber":"3","approximateArrivalOfFirstRecord":"2026-11-21T00:13:00Z",\
            "approximateArrivalOfLastRecord":"2026-11-21T00:13:00Z","batchSize":3,\
            "streamArn":"stream-arn"}}\
            """);
  }

  @Test
  void aReportedFailureIsNotAFunctionErrorAndTimesHaveMilliseconds() {
    assertThat(
            message(
                DiscardCondition.RECORD_AGE_EXCEEDED,
                new LastFailure("request-1", 2, true),
                "2026-11-21T00:13:49Z"))
        .contains(
            "\"condition\":\"RecordAgeExceeded\"",
            "\"functionError\":null",
            "\"timestamp\":\"2026-11-21T00:13:49.000Z\"");
  }

  private static String message(DiscardCondition condition, LastFailure failure, String time) {
    var context =
        Contexts.context(VERSION_7, EventSourceMappingSettings.defaults())
            .withStreamArn("stream-arn");
    return new OnFailureMessage(
            context,
            new LaneId("shard", 0),
            Contexts.batch(1, 3),
            condition,
            failure,
            Instant.parse(time))
        .json();
  }
}
