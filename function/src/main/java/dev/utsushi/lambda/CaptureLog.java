package dev.utsushi.lambda;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.telemetry.Log;
import java.io.IOException;

/** Tells what a capture did with each message. */
final class CaptureLog {
  private final Log log;
  private final String index;

  CaptureLog(Log log, String index) {
    this.log = log;
    this.index = index;
  }

  /** What is left of the batch is parked; nothing was left if there are no records. */
  void captured(Failure failure, int records, int messages, String reason) {
    log.info(
        records == 0 ? "dead_letter_settled" : "dead_letter_captured",
        json -> {
          json.writeStringField("index", index);
          about(json, failure.range());
          json.writeNumberField("records", records);
          json.writeNumberField("messages", messages);
          if (!reason.isEmpty()) {
            json.writeStringField("reason", reason);
          }
        });
  }

  void passedOn(String messageId, DeadLetter.Form form, String why) {
    log.warn(
        "dead_letter_passed_on",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField("messageId", messageId);
          json.writeStringField("form", form.name());
          json.writeStringField("reason", why);
        });
  }

  void later(String messageId, String why) {
    log.error(
        "dead_letter_not_captured",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField("messageId", messageId);
          json.writeStringField("reason", why);
        });
  }

  private static void about(JsonGenerator json, StreamRange range) throws IOException {
    json.writeStringField("stream", range.streamArn());
    json.writeStringField("shard", range.shardId());
    json.writeStringField("startSequenceNumber", range.startSequenceNumber());
    json.writeStringField("endSequenceNumber", range.endSequenceNumber());
  }
}
