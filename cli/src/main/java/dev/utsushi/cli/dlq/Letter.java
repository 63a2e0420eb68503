package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.Failure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A message of the queue, read.
 *
 * @param receives how often it was received, by anybody, this look included
 * @param recordCount those inside; of a reference, those of the batch; of others none
 */
record Letter(String messageId, Instant sentAt, int receives, DeadLetter content, int recordCount) {
  private static final JsonMapper JSON = new JsonMapper();

  /** How long a stream remembers. */
  private static final Duration STREAM_RETENTION = Duration.ofHours(24);

  static Letter of(Message message, String tableArn) {
    DeadLetter content = DeadLetter.parse(message.body()).ofTable(tableArn);
    return new Letter(
        message.messageId(),
        DeadLetterQueue.sentAt(message),
        DeadLetterQueue.receives(message),
        content,
        recordCount(content));
  }

  private static int recordCount(DeadLetter content) {
    return switch (content) {
      case DeadLetter.Captured captured -> captured.records().size();
      case DeadLetter.Reference reference -> reference.failure().range().batchSize();
      case DeadLetter.Foreign _, DeadLetter.Malformed _ -> 0;
    };
  }

  /** The same without its records: a list of a thousand messages need not hold a gigabyte. */
  Letter slim() {
    return content instanceof DeadLetter.Captured captured
        ? new Letter(
            messageId,
            sentAt,
            receives,
            new DeadLetter.Captured(
                captured.failure(),
                captured.capturedAt(),
                captured.part(),
                captured.parts(),
                captured.reason(),
                List.of()),
            recordCount)
        : this;
  }

  DeadLetter.Form form() {
    return content.form();
  }

  Optional<Failure> failure() {
    return content instanceof DeadLetter.Failed failed
        ? Optional.of(failed.failure())
        : Optional.empty();
  }

  Optional<DeadLetter.Identity> identity() {
    return content instanceof DeadLetter.Failed failed
        ? Optional.of(failed.identity())
        : Optional.empty();
  }

  /** When Lambda gave the batch up; of a message that doesn't say, when it was sent. */
  Instant failedAt() {
    return failure().map(Failure::failedAt).orElse(sentAt);
  }

  /** From when on it can't be replayed any more, or is gone. */
  Instant forgottenAt(Duration queueRetention) {
    Instant byQueue = sentAt.plus(queueRetention);
    if (!(content instanceof DeadLetter.Reference reference)) {
      return byQueue;
    }
    Instant byStream = firstArrival(reference.failure()).plus(STREAM_RETENTION);
    return byStream.isBefore(byQueue) ? byStream : byQueue;
  }

  /** A reference whose records the stream has forgotten. */
  boolean isExpired(Instant now, Duration queueRetention) {
    return content instanceof DeadLetter.Reference && !forgottenAt(queueRetention).isAfter(now);
  }

  /** Lambda's word for how the last invocation ended; empty if the function reported the record. */
  Optional<String> functionError() {
    return failure()
        .map(failure -> tree(failure).path("responseContext").path("functionError"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  private static Instant firstArrival(Failure failure) {
    JsonNode arrival =
        tree(failure).path("DDBStreamBatchInfo").path("approximateArrivalOfFirstRecord");
    try {
      return Instant.parse(arrival.asText());
    } catch (DateTimeException _) {
      // Not said: it came before Lambda gave it up.
      return failure.failedAt();
    }
  }

  private static JsonNode tree(Failure failure) {
    try {
      return JSON.readTree(failure.json());
    } catch (JsonProcessingException _) {
      return JSON.missingNode();
    }
  }
}
