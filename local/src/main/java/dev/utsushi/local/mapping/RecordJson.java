package dev.utsushi.local.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * Writes a record of DynamoDB Streams as Lambda hands it to a function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html">Example event</a>
 */
final class RecordJson {

  private static final JsonFactory JSON = new JsonFactory();

  private final String streamArn;

  RecordJson(String streamArn) {
    this.streamArn = streamArn;
  }

  StreamRecord convert(Record record) {
    var change = record.dynamodb();
    return new StreamRecord(
        change.sequenceNumber(),
        change.approximateCreationDateTime(),
        itemHash(record),
        json(record));
  }

  /** Equal for equal keys; the names are sorted, since a map has no order to rely on. */
  private static int itemHash(Record record) {
    return new TreeMap<>(record.dynamodb().keys()).hashCode();
  }

  private String json(Record record) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("eventID", record.eventID());
      json.writeStringField("eventName", record.eventNameAsString());
      json.writeStringField("eventVersion", record.eventVersion());
      json.writeStringField("eventSource", "aws:dynamodb");
      json.writeStringField("awsRegion", record.awsRegion());
      writeChange(json, record.dynamodb());
      if (record.userIdentity() != null) {
        writeIdentity(json, record.userIdentity());
      }
      json.writeStringField("eventSourceARN", streamArn);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A string can't fail to be written to", e);
    }
    return text.toString();
  }

  private static void writeChange(
      JsonGenerator json, software.amazon.awssdk.services.dynamodb.model.StreamRecord change)
      throws IOException {
    json.writeObjectFieldStart("dynamodb");
    json.writeFieldName("ApproximateCreationDateTime");
    writeEpochSeconds(json, change.approximateCreationDateTime());
    json.writeFieldName("Keys");
    AttributeJson.write(json, change.keys());
    if (change.hasNewImage()) {
      json.writeFieldName("NewImage");
      AttributeJson.write(json, change.newImage());
    }
    if (change.hasOldImage()) {
      json.writeFieldName("OldImage");
      AttributeJson.write(json, change.oldImage());
    }
    json.writeStringField("SequenceNumber", change.sequenceNumber());
    json.writeNumberField("SizeBytes", change.sizeBytes());
    json.writeStringField("StreamViewType", change.streamViewTypeAsString());
    json.writeEndObject();
  }

  private static void writeEpochSeconds(JsonGenerator json, Instant time) throws IOException {
    json.writeNumber(time.getEpochSecond());
  }

  private static void writeIdentity(JsonGenerator json, Identity identity) throws IOException {
    json.writeObjectFieldStart("userIdentity");
    json.writeStringField("type", identity.type());
    json.writeStringField("principalId", identity.principalId());
    json.writeEndObject();
  }
}
