package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.deadletter.CapturedMessage;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RangeReader.RangeRead;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Takes Lambda's messages about failed batches while the stream still holds the records, and sends
 * the records themselves to the dead-letter queue.
 *
 * <p>It reports a message as processed only when what replaces it is in the queue, or every record
 * is in the index. If it is cut off earlier, the message comes again, and at worst is sent twice.
 */
final class Capture {
  /** The most that the records of one invocation may hold; the other messages come again. */
  private static final long MOST_BYTES = 64 << 20;

  private static final int MOST_REASONS = 5;

  private final String tableArn;
  private final String index;
  private final RangeReader ranges;
  private final DeadLetterQueue queue;
  private final @Nullable Replication secondChance;
  private final Log log;

  /**
   * @param secondChance writes the records once more first; null for no second chance
   */
  Capture(
      String tableArn,
      String index,
      RangeReader ranges,
      DeadLetterQueue queue,
      @Nullable Replication secondChance,
      Log log) {
    this.tableArn = tableArn;
    this.index = index;
    this.ranges = ranges;
    this.queue = queue;
    this.secondChance = secondChance;
    this.log = log;
  }

  /** What to do with a message. */
  private sealed interface Step {
    SQSMessage message();

    /** Send the message as it came. */
    record PassOn(SQSMessage message, Form form, String reason) implements Step {}

    /** Send its records, and the message as well if some records are missing. */
    record Send(
        SQSMessage message,
        Failure failure,
        List<StreamRecord> records,
        boolean incomplete,
        String reason)
        implements Step {}

    /** Leave it in its queue, so that it comes again. */
    record Retry(SQSMessage message, String reason) implements Step {}
  }

  SQSBatchResponse capture(List<SQSMessage> messages, Deadline deadline) {
    List<Step> steps = read(messages, half(deadline));
    if (secondChance != null) {
      steps = write(secondChance, steps, half(deadline));
    }
    List<BatchItemFailure> failures = new ArrayList<>();
    for (Step step : steps) {
      if (!perform(step)) {
        failures.add(new BatchItemFailure(step.message().getMessageId()));
      }
    }
    return new SQSBatchResponse(failures);
  }

  /** Leaves time for the step that follows. */
  private static Deadline half(Deadline deadline) {
    return Deadline.in(deadline.remaining().dividedBy(2), deadline.clock());
  }

  private List<Step> read(List<SQSMessage> messages, Deadline deadline) {
    List<Step> steps = new ArrayList<>();
    long bytes = 0;
    for (SQSMessage message : messages) {
      Step step =
          bytes > MOST_BYTES
              ? new Step.Retry(message, "the messages before it hold too much")
              : read(message, deadline);
      if (step instanceof Step.Send send) {
        bytes += RangeReader.bytes(send.records());
      }
      steps.add(step);
    }
    return steps;
  }

  private Step read(SQSMessage message, Deadline deadline) {
    DeadLetter letter = DeadLetter.parse(message.getBody(), tableArn);
    return switch (letter) {
      case DeadLetter.Reference(Failure failure) ->
          step(message, failure, ranges.read(failure.range(), deadline));
      case DeadLetter.Captured _ ->
          new Step.PassOn(message, letter.form(), "it holds its records already");
      case DeadLetter.Foreign(String problem) -> new Step.PassOn(message, letter.form(), problem);
      case DeadLetter.Malformed(String problem) -> new Step.PassOn(message, letter.form(), problem);
    };
  }

  private static Step step(SQSMessage message, Failure failure, RangeRead read) {
    return switch (read) {
      case RangeRead.Whole(var records) -> new Step.Send(message, failure, records, false, "");
      case RangeRead.PartlyExpired(var records) ->
          new Step.Send(message, failure, records, true, "");
      case RangeRead.Expired _ ->
          new Step.PassOn(message, Form.REFERENCE, "the stream no longer holds its records");
      case RangeRead.TooLarge _ ->
          new Step.PassOn(message, Form.REFERENCE, "it has too many records");
      case RangeRead.Unavailable(String cause) -> new Step.Retry(message, cause);
    };
  }

  /** Writes all records at once: an engine that is down costs its time once, not per message. */
  private static List<Step> write(Replication flow, List<Step> steps, Deadline deadline) {
    List<StreamRecord> records = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Send send) {
        records.addAll(send.records());
      }
    }
    if (records.isEmpty()) {
      return steps;
    }
    Iterator<RecordResult> results = flow.replicate(records, deadline).iterator();
    return steps.stream()
        .map(step -> step instanceof Step.Send send ? remaining(send, results) : step)
        .toList();
  }

  private static Step remaining(Step.Send send, Iterator<RecordResult> results) {
    List<StreamRecord> records = new ArrayList<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (StreamRecord streamRecord : send.records()) {
      if (results.next().outcome() instanceof Outcome.Failed failed) {
        records.add(streamRecord);
        if (reasons.size() < MOST_REASONS) {
          reasons.add(failed.kind().name().toLowerCase(Locale.ROOT) + ": " + failed.reason());
        }
      }
    }
    return new Step.Send(
        send.message(), send.failure(), records, send.incomplete(), String.join("; ", reasons));
  }

  /** Returns whether the message is processed. */
  private boolean perform(Step step) {
    try {
      switch (step) {
        case Step.PassOn(SQSMessage message, Form form, String reason) ->
            passOn(message, form, reason);
        case Step.Send send -> send(send);
        case Step.Retry(SQSMessage message, String reason) -> {
          logRetry(message, reason);
          return false;
        }
      }
      return true;
    } catch (SdkException e) {
      logRetry(
          step.message(), Replay.queueProblem("send a message to", queue, "sqs:SendMessage", e));
      return false;
    }
  }

  private void passOn(SQSMessage message, Form form, String reason) {
    queue.send(message.getBody());
    log.warn(
        "dead_letter_passed_on",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField("messageId", message.getMessageId());
          json.writeStringField("form", form.name());
          json.writeStringField("reason", reason);
        });
  }

  private void send(Step.Send send) {
    List<String> bodies = bodies(send);
    bodies.forEach(queue::send);
    boolean unfit = bodies.isEmpty() && !send.records().isEmpty();
    if (unfit || send.incomplete()) {
      passOn(
          send.message(),
          Form.REFERENCE,
          unfit
              ? "a record is too large for a message"
              : "the stream no longer holds some records");
    }
    log.info(
        send.records().isEmpty() ? "dead_letter_settled" : "dead_letter_captured",
        json -> {
          json.writeStringField("index", index);
          writeRange(json, send.failure().range());
          json.writeNumberField("records", send.records().size());
          json.writeNumberField("messages", bodies.size());
          if (!send.reason().isEmpty()) {
            json.writeStringField("reason", send.reason());
          }
        });
  }

  private List<String> bodies(Step.Send send) {
    return send.records().isEmpty()
        ? List.of()
        : CapturedMessage.write(
            send.failure(),
            Instant.now(),
            secondChance == null ? null : send.reason(),
            send.records());
  }

  private static void writeRange(JsonGenerator json, StreamRange range) throws IOException {
    json.writeStringField("stream", range.streamArn());
    json.writeStringField("shard", range.shardId());
    json.writeStringField("startSequenceNumber", range.startSequenceNumber());
    json.writeStringField("endSequenceNumber", range.endSequenceNumber());
  }

  private void logRetry(SQSMessage message, String reason) {
    log.error(
        "dead_letter_not_captured",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField("messageId", message.getMessageId());
          json.writeStringField("reason", reason);
        });
  }
}
