package dev.utsushi.local.mapping;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.mapping.MappingEvent.DiscardCondition;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.stream.PolledRecord;
import dev.utsushi.local.stream.StreamKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * The message about records that are given up. It holds neither records nor keys, only where in the
 * stream they are.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Error
 *     handling with DynamoDB</a>
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html">…
 *     with Kinesis</a>
 */
record OnFailureMessage(
    MappingContext context,
    LaneId lane,
    RecordBatch batch,
    DiscardCondition condition,
    LastFailure lastFailure,
    Instant timestamp) {

  /**
   * The batch's last failure.
   *
   * @param requestId of its last invocation, or a new one if there was none
   * @param invocations how often the function was invoked with it
   * @param reported whether the function reported the failure by {@code batchItemFailures}
   */
  record LastFailure(String requestId, int invocations, boolean reported) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Always with milliseconds, which {@link Instant#toString} omits when they are zero. */
  private static final DateTimeFormatter WITH_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  String json() {
    ObjectNode message = JSON.createObjectNode();
    message
        .putObject("requestContext")
        .put("requestId", lastFailure.requestId())
        .put("functionArn", context.function().arn())
        .put("condition", condition.wireName())
        .put("approximateInvokeCount", lastFailure.invocations());
    message
        .putObject("responseContext")
        .put("statusCode", 200)
        .put("executedVersion", context.function().executedVersion())
        .put("functionError", lastFailure.reported() ? null : "Unhandled");
    message.put("version", "1.0").put("timestamp", WITH_MILLIS.format(timestamp));
    message
        .putObject(context.kind().batchInfo())
        .put("shardId", lane.shardId())
        .put("startSequenceNumber", batch.first().sequenceNumber())
        .put("endSequenceNumber", batch.last().sequenceNumber())
        .put("approximateArrivalOfFirstRecord", arrival(batch.first()))
        .put("approximateArrivalOfLastRecord", arrival(batch.last()))
        .put("batchSize", batch.size())
        .put("streamArn", context.streamArn());
    return message.toString();
  }

  /** DynamoDB's times are whole seconds. */
  private String arrival(PolledRecord record) {
    return context.kind() == StreamKind.DYNAMODB
        ? record.arrival().truncatedTo(ChronoUnit.SECONDS).toString()
        : WITH_MILLIS.format(record.arrival());
  }
}
