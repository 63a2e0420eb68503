package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.telemetry.Log;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * Takes made-up changes down the whole flow, with an engine that is made up too, so that the
 * classes are loaded and the code is warm.
 */
final class Priming {
  private static final int ROUNDS = 20;
  private static final String REPLY =
      "{\"items\":[{\"update\":{\"status\":200,\"result\":\"updated\"}}]}";

  private Priming() {}

  static void run() {
    HttpCaller engine =
        _ -> new HttpReply(200, new ByteArrayInputStream(REPLY.getBytes(StandardCharsets.UTF_8)));
    Settings settings =
        Settings.read(
            Map.of(
                "UTSUSHI_SEARCH_ENDPOINT", "http://localhost",
                "UTSUSHI_SEARCH_AUTH", "none",
                "UTSUSHI_INDEX", "priming",
                "UTSUSHI_PARTITION_KEY", "id"));
    Log nowhere = new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());
    Replication replication = Assembly.replication(settings, engine, nowhere);
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
