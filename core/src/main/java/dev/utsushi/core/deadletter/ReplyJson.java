package dev.utsushi.core.deadletter;

import static dev.utsushi.core.json.JsonText.writeField;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.deadletter.ReplayedMessage.Origin;
import dev.utsushi.core.deadletter.ReplayedRecord.Outcome;
import dev.utsushi.core.deadletter.ReplayedRecord.Standing;
import dev.utsushi.core.json.RawJson;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A replay's reply on the wire. */
final class ReplyJson {
  private ReplyJson() {}

  static void write(JsonGenerator json, ReplayReply reply) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("dryRun", reply.dryRun());
    writeField(json, "stopped", reply.stopped());
    json.writeArrayFieldStart("messages");
    for (ReplayedMessage message : reply.messages()) {
      write(json, message);
    }
    json.writeEndArray();
    write(json, reply.totals());
    json.writeEndObject();
  }

  static void write(JsonGenerator json, ReplayedMessage message) throws IOException {
    json.writeStartObject();
    writeField(json, "messageId", message.messageId());
    writeField(json, "form", message.form());
    writeField(json, "fate", message.fate());
    writeField(json, "note", message.note());
    Origin origin = message.failure();
    if (origin != null) {
      writeField(json, "streamArn", origin.streamArn());
      writeField(json, "shardId", origin.shardId());
      writeField(json, "startSequenceNumber", origin.startSequenceNumber());
      writeField(json, "endSequenceNumber", origin.endSequenceNumber());
      writeField(json, "condition", origin.condition());
      json.writeNumberField("invocations", origin.invocations());
      writeField(json, "failedAt", origin.failedAt());
    }
    json.writeNumberField("receives", message.receives());
    json.writeNumberField("copies", message.copies());
    json.writeArrayFieldStart("records");
    for (ReplayedRecord replayed : message.records()) {
      write(json, replayed);
    }
    json.writeEndArray();
    if (!message.unlisted().isEmpty()) {
      json.writeObjectFieldStart("unlisted");
      for (var count : message.unlisted().entrySet()) {
        json.writeNumberField(name(count.getKey()), count.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  static void write(JsonGenerator json, ReplayedRecord replayed) throws IOException {
    json.writeStartObject();
    writeField(json, "id", replayed.id());
    writeField(json, "sequenceNumber", replayed.sequenceNumber());
    writeField(json, "version", replayed.version());
    writeField(json, "eventName", replayed.eventName());
    writeField(json, "changedAt", replayed.changedAt());
    writeField(json, "outcome", replayed.outcome());
    writeField(json, "reason", replayed.reason());
    Standing standing = replayed.standing();
    if (standing == null) {
      json.writeNullField("standing");
    } else {
      json.writeObjectFieldStart("standing");
      writeField(json, "version", standing.version());
      json.writeBooleanField("deleted", standing.deleted());
      writeField(json, "changedAt", standing.changedAt());
      writeField(json, "indexedAt", standing.indexedAt());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ReplayTotals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeNumberField("messages", totals.messages());
    json.writeNumberField("deleted", totals.deleted());
    json.writeNumberField("kept", totals.kept());
    json.writeNumberField("records", totals.records());
    for (Outcome outcome : Outcome.values()) {
      json.writeNumberField(name(outcome), totals.count(outcome));
    }
    json.writeEndObject();
  }

  private static String name(Outcome outcome) {
    return outcome == Outcome.EXPIRY_KEPT ? "expiryKept" : outcome.name().toLowerCase(Locale.ROOT);
  }

  static ReplayReply read(RawJson json) {
    RawJson reply = json.requireObject("the reply");
    return new ReplayReply(
        reply.field("dryRun").flag(false),
        ReplayReply.Stopped.valueOf(reply.field("stopped").requireText("'stopped'")),
        reply.field("messages").elements().stream().map(ReplyJson::message).toList());
  }

  private static ReplayedMessage message(RawJson json) {
    return new ReplayedMessage(
        json.field("messageId").requireText("'messageId'"),
        DeadLetter.Form.valueOf(json.field("form").requireText("'form'")),
        ReplayedMessage.Fate.valueOf(json.field("fate").requireText("'fate'")),
        json.field("note").optionalText(),
        origin(json),
        (int) json.field("receives").number(0),
        (int) json.field("copies").number(1),
        json.field("records").elements().stream().map(ReplayedRecord::read).toList(),
        unlisted(json.field("unlisted")));
  }

  private static Map<Outcome, Integer> unlisted(RawJson json) {
    Map<Outcome, Integer> unlisted = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      int count = (int) json.field(name(outcome)).number(0);
      if (count > 0) {
        unlisted.put(outcome, count);
      }
    }
    return unlisted;
  }

  private static @Nullable Origin origin(RawJson json) {
    if (json.field("streamArn").isNull()) {
      return null;
    }
    return new Origin(
        json.field("streamArn").requireText("'streamArn'"),
        json.field("shardId").requireText("'shardId'"),
        json.field("startSequenceNumber").requireText("'startSequenceNumber'"),
        json.field("endSequenceNumber").requireText("'endSequenceNumber'"),
        json.field("condition").text(""),
        (int) json.field("invocations").number(0),
        Objects.requireNonNullElse(ReplayedRecord.time(json.field("failedAt")), Instant.EPOCH));
  }
}
