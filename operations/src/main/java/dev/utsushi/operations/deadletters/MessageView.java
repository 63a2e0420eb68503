package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A message of the queue and its duplicates, as {@code --json} writes it.
 *
 * @param failedAt when Lambda gave up; of a message that does not say, when it was sent
 * @param forgottenAt when it can no longer be replayed
 * @param receives how often it has been received, by anyone, this time included
 * @param recordCount how many records it holds or, as a reference, its batch held
 * @param copies the ids of its duplicates
 * @param letter without its records
 */
public record MessageView(
    String messageId,
    Form form,
    Instant failedAt,
    Instant sentAt,
    long ageSeconds,
    Instant forgottenAt,
    long secondsLeft,
    boolean expired,
    int receives,
    int recordCount,
    List<String> copies,
    @JsonUnwrapped @Nullable Batch batch,
    @JsonUnwrapped Content content,
    @JsonIgnore DeadLetter letter) {
  private static final Duration STREAM_RETENTION = Duration.ofHours(24);

  /** What Lambda says about the batch. */
  public record Batch(
      String condition,
      int attempts,
      String streamArn,
      String shardId,
      String startSequenceNumber,
      String endSequenceNumber) {
    private static Batch of(Failure failure) {
      return new Batch(
          failure.condition(),
          failure.invocations(),
          failure.range().streamArn(),
          failure.range().shardId(),
          failure.range().startSequenceNumber(),
          failure.range().endSequenceNumber());
    }
  }

  /** What only messages of one form have. */
  public sealed interface Content {
    /** A captured message. */
    record Captured(Instant capturedAt, int part, int parts, @Nullable String reason)
        implements Content {}

    /** A reference. */
    record Reference(@Nullable String reason) implements Content {}

    /** A foreign or malformed message. */
    record Unknown(String problem) implements Content {}
  }

  /** A message as it was received, without its records and its body. */
  record Received(Message message, DeadLetter letter, int recordCount) {
    static Received of(Message message, DeadLetter letter) {
      Message withoutBody = message.toBuilder().body("").build();
      return switch (letter) {
        case DeadLetter.Captured captured ->
            new Received(withoutBody, captured.withRecords(List.of()), captured.records().size());
        case DeadLetter.Reference(var failure) ->
            new Received(withoutBody, letter, failure.range().batchSize());
        case DeadLetter.Unreplayable _ -> new Received(withoutBody, letter, 0);
      };
    }

    Instant sentAt() {
      return DeadLetterQueue.sentAt(message);
    }
  }

  static MessageView of(Received received, List<String> copies, Instant at, Duration retention) {
    DeadLetter letter = received.letter();
    Failure failure = letter.failure();
    Instant failedAt = failure == null ? received.sentAt() : failure.failedAt();
    Instant forgottenAt = forgottenAt(letter, received.sentAt().plus(retention));
    return new MessageView(
        received.message().messageId(),
        letter.form(),
        failedAt,
        received.sentAt(),
        Duration.between(failedAt, at).toSeconds(),
        forgottenAt,
        Math.max(0, Duration.between(at, forgottenAt).toSeconds()),
        letter instanceof DeadLetter.Reference && !forgottenAt.isAfter(at),
        DeadLetterQueue.receives(received.message()),
        received.recordCount(),
        copies,
        failure == null ? null : Batch.of(failure),
        content(letter),
        letter);
  }

  private static Instant forgottenAt(DeadLetter letter, Instant byQueue) {
    if (!(letter instanceof DeadLetter.Reference(var failure))) {
      return byQueue;
    }
    Instant byStream = failure.firstArrival().plus(STREAM_RETENTION);
    return byStream.isBefore(byQueue) ? byStream : byQueue;
  }

  private static Content content(DeadLetter letter) {
    return switch (letter) {
      case DeadLetter.Captured(_, var capturedAt, int part, int parts, var reason, _) ->
          new Content.Captured(capturedAt, part, parts, reason);
      case DeadLetter.Reference _ -> new Content.Reference(null);
      case DeadLetter.Unreplayable(_, String problem) -> new Content.Unknown(problem);
    };
  }

  /** Returns why its records are not in the index, in one line, as far as anyone knows. */
  public String cause() {
    Failure failure = letter.failure();
    if (content instanceof Content.Unknown(String problem)) {
      return problem;
    } else if (content instanceof Content.Captured captured && captured.reason() != null) {
      return captured.reason();
    }
    return failure == null || failure.functionError() == null
        ? "unknown: see the replication function's log"
        : "the function ended with " + failure.functionError();
  }

  /** Returns the ids of the message and of its duplicates. */
  Stream<String> ids() {
    return Stream.concat(Stream.of(messageId), copies.stream());
  }
}
