package dev.utsushi.local.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/**
 * A record as it is polled from a stream, with its JSON as Lambda passes it to a function.
 *
 * @param arrival the approximate time of the change, or of a Kinesis record's arrival
 * @param itemHash the same for all changes of an item, or for all Kinesis records of a partition
 *     key
 * @param json an element of the event's {@code Records}
 * @param bytes the size of the JSON in UTF-8
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Example event</a>
 */
public record PolledRecord(
    String sequenceNumber, Instant arrival, int itemHash, String json, int bytes) {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** How the JSON of a Kinesis record begins. */
  private static final String KINESIS = "{\"kinesis\":";

  /** Returns a record of a DynamoDB stream with its JSON. */
  public static PolledRecord of(String streamArn, Record record) {
    String json = json(streamArn, record);
    return new PolledRecord(
        record.dynamodb().sequenceNumber(),
        record.dynamodb().approximateCreationDateTime(),
        itemHash(record),
        json,
        json.getBytes(StandardCharsets.UTF_8).length);
  }

  /** Sorts the names, because the order of a map's entries is undefined. */
  private static int itemHash(Record record) {
    return new TreeMap<>(record.dynamodb().keys()).hashCode();
  }

  public SequenceNumber number() {
    return new SequenceNumber(sequenceNumber());
  }

  /**
   * Returns the change: the record itself, or what a Kinesis record has as its data; missing if
   * that is not JSON.
   */
  public JsonNode change() {
    return isKinesis() ? data(tree()) : tree();
  }

  /**
   * Returns what filters are compared with: the record, and beside it the decoded data of a Kinesis
   * record if that is JSON.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html">Filtering
   *     with a Kinesis event source</a>
   */
  public String filtered() {
    if (!isKinesis()) {
      return json;
    }
    ObjectNode record = tree();
    JsonNode data = data(record);
    return data.isMissingNode() ? json : record.set("data", data).toString();
  }

  private boolean isKinesis() {
    return json.startsWith(KINESIS);
  }

  private ObjectNode tree() {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The record " + sequenceNumber + " is not JSON", e);
    }
  }

  private static JsonNode data(JsonNode record) {
    try {
      return JSON.readTree(record.path("kinesis").path("data").binaryValue());
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  /** Returns the lane of all changes of this record's item. */
  public int laneOf(int parallelizationFactor) {
    // Multiplied by the golden ratio, because hashes of similar keys differ in few bits.
    return Math.floorMod((itemHash * 0x9E3779B9) >>> 8, parallelizationFactor);
  }

  private static String json(String streamArn, Record record) {
    ObjectNode json = JSON.createObjectNode();
    json.put("eventID", record.eventID())
        .put("eventName", record.eventNameAsString())
        .put("eventVersion", record.eventVersion())
        .put("eventSource", "aws:dynamodb")
        .put("awsRegion", record.awsRegion());
    write(record.dynamodb(), json.putObject("dynamodb"));
    if (record.userIdentity() != null) {
      json.putObject("userIdentity")
          .put("type", record.userIdentity().type())
          .put("principalId", record.userIdentity().principalId());
    }
    return json.put("eventSourceARN", streamArn).toString();
  }

  private static void write(StreamRecord change, ObjectNode json) {
    json.put("ApproximateCreationDateTime", change.approximateCreationDateTime().getEpochSecond());
    write(change.keys(), json.putObject("Keys"));
    if (change.hasNewImage()) {
      write(change.newImage(), json.putObject("NewImage"));
    }
    if (change.hasOldImage()) {
      write(change.oldImage(), json.putObject("OldImage"));
    }
    json.put("SequenceNumber", change.sequenceNumber())
        .put("SizeBytes", change.sizeBytes())
        .put("StreamViewType", change.streamViewTypeAsString());
  }

  private static void write(Map<String, AttributeValue> attributes, ObjectNode json) {
    attributes.forEach((name, value) -> write(value, json.putObject(name)));
  }

  /**
   * Writes DynamoDB's own JSON: numbers as strings with every digit, binaries in base64.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html#Programming.LowLevelAPI.DataTypeDescriptors">Data
   *     type descriptors</a>
   */
  private static void write(AttributeValue value, ObjectNode json) {
    switch (value.type()) {
      case S -> json.put("S", value.s());
      case N -> json.put("N", value.n());
      case B -> json.put("B", value.b().asByteArrayUnsafe());
      case BOOL -> json.put("BOOL", value.bool());
      case NUL -> json.put("NULL", true);
      case SS -> value.ss().forEach(json.putArray("SS")::add);
      case NS -> value.ns().forEach(json.putArray("NS")::add);
      case BS -> {
        ArrayNode binaries = json.putArray("BS");
        value.bs().forEach(each -> binaries.add(each.asByteArrayUnsafe()));
      }
      case M -> write(value.m(), json.putObject("M"));
      case L -> {
        ArrayNode list = json.putArray("L");
        value.l().forEach(each -> write(each, list.addObject()));
      }
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("DynamoDB has no such attribute type");
    }
  }
}
