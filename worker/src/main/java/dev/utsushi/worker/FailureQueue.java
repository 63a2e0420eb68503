package dev.utsushi.worker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.telemetry.Log;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The queue for messages about records that are given up. They are those of Lambda, so that capture
 * and replay serve the worker as well: where in the stream the record is, and no content.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html">Error
 *     handling with DynamoDB</a>
 */
final class FailureQueue {
  /** Always with milliseconds, which {@link Instant#toString} omits when they are zero. */
  private static final DateTimeFormatter WITH_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Consumer<String> queue;
  private final String streamArn;
  private final String workerId;
  private final Log log;

  /**
   * @param queue sends a message, or throws {@link SdkException}
   */
  FailureQueue(Consumer<String> queue, String streamArn, String workerId, Log log) {
    this.queue = queue;
    this.streamArn = streamArn;
    this.workerId = workerId;
    this.log = log;
  }

  OfShard of(String shardId) {
    return (given, attempts) -> send(message(shardId, given, attempts, Instant.now()));
  }

  /** The queue, for one shard. */
  interface OfShard {
    /** Returns when the queue has the message, which is the only trace of the record. */
    void send(OpenRecord given, int attempts) throws InterruptedException;
  }

  private void send(String message) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        queue.accept(message);
        return;
      } catch (AbortedException _) {
        // Interrupted: the record stays open.
        throw new InterruptedException();
      } catch (SdkException e) {
        String reason = e.getClass().getSimpleName();
        log.error("failure_not_sent", json -> json.writeStringField("reason", reason));
        Thread.sleep(WriteLane.waitAfter(failures));
      }
    }
  }

  String message(String shardId, OpenRecord given, int attempts, Instant now) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message
        .putObject("requestContext")
        .put("requestId", UUID.randomUUID().toString())
        .put("functionArn", workerId)
        .put("condition", "RetryAttemptsExhausted")
        .put("approximateInvokeCount", attempts);
    message
        .putObject("responseContext")
        .put("statusCode", 200)
        .put("executedVersion", "$LATEST")
        .putNull("functionError");
    message.put("version", "1.0").put("timestamp", WITH_MILLIS.format(now));
    String arrival = arrival(given);
    message
        .putObject(isKinesis() ? "KinesisBatchInfo" : "DDBStreamBatchInfo")
        .put("shardId", shardId)
        .put("startSequenceNumber", given.sequenceNumber())
        .put("endSequenceNumber", given.sequenceNumber())
        .put("approximateArrivalOfFirstRecord", arrival)
        .put("approximateArrivalOfLastRecord", arrival)
        .put("batchSize", 1)
        .put("streamArn", streamArn);
    return message.toString();
  }

  private String arrival(OpenRecord given) {
    return isKinesis()
        ? WITH_MILLIS.format(given.arrivedAt())
        : given.arrivedAt().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private boolean isKinesis() {
    return KinesisSource.isKinesis(streamArn);
  }
}
