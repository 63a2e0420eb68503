package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.telemetry.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Primes the function for <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html">SnapStart</a>:
 * sample changes go through the whole flow, with a fake engine, so that the snapshot holds the
 * loaded classes and the warm code. A restore needs nothing, because no connection is opened and no
 * credential is read before the first change.
 */
final class SnapStart implements Resource {
  private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";
  private static final int ROUNDS = 20;
  private static final String REPLY =
      "{\"items\":[{\"update\":{\"status\":200,\"result\":\"updated\"}}]}";

  private final Log log;

  private SnapStart(Log log) {
    this.log = log;
  }

  /**
   * Primes before the checkpoint, if there is one: without SnapStart it would only move the cost of
   * the first change.
   *
   * @return a reference for the caller to keep, since the context holds its resources weakly
   */
  static Optional<SnapStart> primeBeforeCheckpoint(Log log) {
    if (!Objects.equals(System.getenv(INITIALIZATION_TYPE), "snap-start")) {
      return Optional.empty();
    }
    SnapStart snapStart = new SnapStart(log);
    Core.getGlobalContext().register(snapStart);
    return Optional.of(snapStart);
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    prime();
    log.info("primed", _ -> {});
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}

  private static void prime() {
    HttpCaller engine = _ -> new HttpCaller.HttpReply(200, REPLY.getBytes(UTF_8));
    Settings settings =
        Settings.read(
            Map.of(
                "UTSUSHI_SEARCH_ENDPOINT", "http://localhost",
                "UTSUSHI_SEARCH_AUTH", "none",
                "UTSUSHI_INDEX", "priming",
                "UTSUSHI_PARTITION_KEY", "id"));
    var replication = Assembly.replication(settings, engine, Assembly.nowhere());
    for (int round = 0; round < ROUNDS; round++) {
      Deadline deadline = Deadline.in(Duration.ofSeconds(1), InstantSource.system());
      ReplicationHandler.replicate(replication, List.of(change(round)), deadline);
    }
  }

  private static DynamodbStreamRecord change(int sequenceNumber) {
    Map<String, AttributeValue> key = Map.of("id", new AttributeValue().withS("priming"));
    DynamodbStreamRecord streamRecord = new DynamodbStreamRecord();
    streamRecord.setEventSourceARN(
        "arn:aws:dynamodb:::table/priming/stream/2026-01-01T00:00:00.000");
    streamRecord.setEventName("INSERT");
    streamRecord.setDynamodb(
        new StreamRecord()
            .withKeys(key)
            .withNewImage(key)
            .withSequenceNumber(Integer.toString(sequenceNumber))
            .withApproximateCreationDateTime(Date.from(Instant.EPOCH)));
    return streamRecord;
  }
}
