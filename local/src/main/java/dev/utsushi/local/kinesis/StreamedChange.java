package dev.utsushi.local.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.kinesis.StreamingDestination.Precision;
import dev.utsushi.local.stream.PolledRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * Writes changes in the form that DynamoDB puts into a Kinesis stream. It differs from that of
 * DynamoDB Streams: no sequence number, and a finer time. Each change is at least one microsecond
 * later than the one before.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds_using-shards-and-metrics.html">Shards
 *     and records</a>
 */
final class StreamedChange {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> COPIED = List.of("Keys", "NewImage", "OldImage", "SizeBytes");

  private final String tableName;
  private final String region;
  private final Precision precision;
  private final InstantSource clock;
  private long lastMicros;

  /**
   * @param streamArn the Kinesis stream, whose region is the table's
   */
  StreamedChange(String tableName, String streamArn, Precision precision, InstantSource clock) {
    this.tableName = tableName;
    this.region = streamArn.split(":", 5)[3];
    this.precision = precision;
    this.clock = clock;
  }

  /** Returns the record for Kinesis; all changes of an item have the same partition key. */
  PutRecordsRequestEntry of(PolledRecord record) {
    JsonNode change = record.change();
    return PutRecordsRequestEntry.builder()
        .partitionKey(partitionKey(change.path("dynamodb").path("Keys")))
        .data(SdkBytes.fromUtf8String(json(change)))
        .build();
  }

  private String json(JsonNode change) {
    ObjectNode json = JSON.createObjectNode();
    json.put("awsRegion", region)
        .put("eventID", change.path("eventID").asText())
        .put("eventName", change.path("eventName").asText())
        .<ObjectNode>set("userIdentity", change.get("userIdentity"))
        .put("recordFormat", "application/json")
        .put("tableName", tableName);
    long micros = nextMicros();
    ObjectNode streamed =
        json.putObject("dynamodb")
            .put(
                "ApproximateCreationDateTime",
                switch (precision) {
                  case MICROSECOND -> micros;
                  case MILLISECOND -> micros / 1000;
                })
            .put("ApproximateCreationDateTimePrecision", precision.name());
    JsonNode original = change.path("dynamodb");
    COPIED.stream().filter(original::has).forEach(name -> streamed.set(name, original.get(name)));
    return json.put("eventSource", "aws:dynamodb").toString();
  }

  private long nextMicros() {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    lastMicros = Math.max(lastMicros + 1, now);
    return lastMicros;
  }

  /** Sorts the names, because the order of a map's entries is undefined. */
  private static String partitionKey(JsonNode keys) {
    Map<String, String> sorted = new TreeMap<>();
    keys.properties().forEach(key -> sorted.put(key.getKey(), key.getValue().toString()));
    byte[] bytes = sorted.toString().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(bytes).toString();
  }
}
