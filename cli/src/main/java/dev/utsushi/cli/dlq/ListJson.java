package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.cli.dlq.Listing.Entry;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.operations.stack.DeployedStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A listing for scripts. */
final class ListJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ListJson() {}

  static ObjectNode of(DeployedStream stream, Listing listing) {
    ObjectNode json = heading(stream, listing.at());
    json.put("complete", listing.complete()).put("hiddenByOthers", listing.hidden());
    ArrayNode messages = json.putArray("messages");
    listing.entries().forEach(entry -> messages.add(message(entry, listing)));
    ObjectNode totals =
        json.putObject("totals")
            .put("messages", listing.entries().size())
            .put("doubles", listing.doubles())
            .put("records", listing.recordCount());
    for (Form form : Form.values()) {
      totals.put(Words.form(form), listing.count(form));
    }
    totals.put("expired", listing.expired());
    return json;
  }

  /** What every command's JSON begins with. */
  static ObjectNode heading(DeployedStream stream, Instant at) {
    return JSON.createObjectNode()
        .put("stack", stream.stack())
        .put("region", stream.region())
        .put("index", stream.index())
        .put("tableArn", stream.tableArn())
        .put("queueUrl", stream.queueUrl())
        .put("at", at.toString());
  }

  static ObjectNode message(Entry entry, Listing listing) {
    Letter letter = entry.letter();
    Instant forgottenAt = letter.forgottenAt(listing.retention());
    ObjectNode json =
        JSON.createObjectNode()
            .put("messageId", letter.messageId())
            .put("form", letter.form().name())
            .put("failedAt", letter.failedAt().toString())
            .put("sentAt", letter.sentAt().toString())
            .put("ageSeconds", Duration.between(letter.failedAt(), listing.at()).toSeconds())
            .put("forgottenAt", forgottenAt.toString())
            .put(
                "secondsLeft", Math.max(0, Duration.between(listing.at(), forgottenAt).toSeconds()))
            .put("expired", letter.isExpired(listing.at(), listing.retention()))
            .put("receives", letter.receives())
            .put("recordCount", letter.recordCount());
    ArrayNode copies = json.putArray("copies");
    entry.copies().forEach(copies::add);
    letter.failure().ifPresent(failure -> put(json, failure));
    switch (letter.content()) {
      case DeadLetter.Captured captured ->
          json.put("capturedAt", captured.capturedAt().toString())
              .put("part", captured.part())
              .put("parts", captured.parts())
              .put("reason", captured.reason());
      case DeadLetter.Foreign foreign -> json.put("problem", foreign.problem());
      case DeadLetter.Malformed malformed -> json.put("problem", malformed.problem());
      case DeadLetter.Reference _ -> json.put("reason", (@Nullable String) null);
    }
    return json;
  }

  private static void put(ObjectNode json, Failure failure) {
    json.put("condition", failure.condition())
        .put("attempts", failure.invocations())
        .put("streamArn", failure.range().streamArn())
        .put("shardId", failure.range().shardId())
        .put("startSequenceNumber", failure.range().startSequenceNumber())
        .put("endSequenceNumber", failure.range().endSequenceNumber());
  }
}
