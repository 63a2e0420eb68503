package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.utsushi.core.deadletter.CapturedWriter;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.core.deadletter.QueueException;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.stream.RangeRead;
import dev.utsushi.stream.RangeReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes Lambda's messages about failed batches while the stream still has the records, and parks
 * the records themselves where operators look.
 *
 * <p>A message is reported as done only when what stands for it is parked, or every record of it is
 * settled. Broken off before that it comes again, and is parked twice at worst.
 */
final class Capture {
  /** What the messages of one invocation may hold together; the others come again. */
  private static final long MOST_CHARS = 64 << 20;

  private static final int MOST_REASONS = 5;

  private final String tableArn;
  private final RangeReader ranges;
  private final DeadLetterQueue queue;
  private final @Nullable Replication secondChance;
  private final CaptureLog log;

  /**
   * @param secondChance the flow that records go down once more first; null for none
   */
  Capture(
      String tableArn,
      RangeReader ranges,
      DeadLetterQueue queue,
      @Nullable Replication secondChance,
      CaptureLog log) {
    this.tableArn = tableArn;
    this.ranges = ranges;
    this.queue = queue;
    this.secondChance = secondChance;
    this.log = log;
  }

  /** What there is to park of a message. */
  private sealed interface Finding {
    SQSMessage message();

    /** The message as it came. */
    record PassOn(SQSMessage message, DeadLetter.Form form, String why) implements Finding {}

    /** Its records; and as it came, if there are holes in them. */
    record Park(
        SQSMessage message, Failure failure, List<String> records, boolean holes, String reason)
        implements Finding {}

    /** Nothing yet: it must come again. */
    record Later(SQSMessage message, String why) implements Finding {}
  }

  SQSBatchResponse capture(List<SQSMessage> messages, Deadline deadline) {
    List<Finding> findings = read(messages, share(deadline, 2));
    if (secondChance != null) {
      findings = settle(secondChance, findings, share(deadline, 2));
    }
    List<BatchItemFailure> failures = new ArrayList<>();
    for (Finding finding : findings) {
      if (!park(finding)) {
        failures.add(new BatchItemFailure(finding.message().getMessageId()));
      }
    }
    return new SQSBatchResponse(failures);
  }

  /** A part of the time that is left, so that there is some for what comes after. */
  private static Deadline share(Deadline deadline, int divisor) {
    return Deadline.in(deadline.remaining().dividedBy(divisor), deadline.clock());
  }

  private List<Finding> read(List<SQSMessage> messages, Deadline deadline) {
    List<Finding> findings = new ArrayList<>();
    long chars = 0;
    for (SQSMessage message : messages) {
      Finding finding =
          chars > MOST_CHARS
              ? new Finding.Later(message, "the messages before it hold too much")
              : read(message, deadline);
      if (finding instanceof Finding.Park park) {
        chars += park.records().stream().mapToLong(String::length).sum();
      }
      findings.add(finding);
    }
    return findings;
  }

  private Finding read(SQSMessage message, Deadline deadline) {
    DeadLetter letter = DeadLetter.parse(message.getBody()).ofTable(tableArn);
    return switch (letter) {
      case DeadLetter.Reference(Failure failure) ->
          read(message, failure, ranges.read(failure.range(), deadline));
      case DeadLetter.Captured _ ->
          new Finding.PassOn(message, letter.form(), "it holds its records already");
      case DeadLetter.Foreign(String problem) ->
          new Finding.PassOn(message, letter.form(), problem);
      case DeadLetter.Malformed(String problem) ->
          new Finding.PassOn(message, letter.form(), problem);
    };
  }

  private static Finding read(SQSMessage message, Failure failure, RangeRead read) {
    return switch (read) {
      case RangeRead.Whole(List<String> records) ->
          new Finding.Park(message, failure, records, false, "");
      case RangeRead.PartlyExpired(List<String> records) ->
          new Finding.Park(message, failure, records, true, "");
      case RangeRead.Expired _ ->
          new Finding.PassOn(
              message, DeadLetter.Form.REFERENCE, "the stream no longer has its records");
      case RangeRead.TooLarge _ ->
          new Finding.PassOn(message, DeadLetter.Form.REFERENCE, "its records are too many");
      case RangeRead.Unavailable(String cause) -> new Finding.Later(message, cause);
    };
  }

  /** All records in one go: an engine that is down takes its time once, not once a message. */
  private static List<Finding> settle(Replication flow, List<Finding> findings, Deadline deadline) {
    List<StreamRecord> records = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding instanceof Finding.Park park) {
        park.records().forEach(json -> records.add(RecordJson.read(json)));
      }
    }
    if (records.isEmpty()) {
      return findings;
    }
    var results = flow.replicate(records, deadline).iterator();
    List<Finding> left = new ArrayList<>();
    for (Finding finding : findings) {
      left.add(
          switch (finding) {
            case Finding.Park park -> {
              List<RecordResult> own = new ArrayList<>();
              park.records().forEach(_ -> own.add(results.next()));
              yield left(park, own);
            }
            case Finding.PassOn passOn -> passOn;
            case Finding.Later later -> later;
          });
    }
    return left;
  }

  private static Finding left(Finding.Park park, List<RecordResult> results) {
    List<String> records = new ArrayList<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).outcome() instanceof Outcome.Failed failed) {
        records.add(park.records().get(i));
        if (reasons.size() < MOST_REASONS) {
          reasons.add(failed.kind().name().toLowerCase(Locale.ROOT) + ": " + failed.reason());
        }
      }
    }
    return new Finding.Park(
        park.message(), park.failure(), records, park.holes(), String.join("; ", reasons));
  }

  /** Whether everything that stands for the message is in the queue. */
  private boolean park(Finding finding) {
    try {
      switch (finding) {
        case Finding.PassOn(SQSMessage message, DeadLetter.Form form, String why) -> {
          queue.park(message.getBody());
          log.passedOn(message.getMessageId(), form, why);
        }
        case Finding.Park park -> park(park);
        case Finding.Later(SQSMessage message, String why) -> {
          log.later(message.getMessageId(), why);
          return false;
        }
      }
      return true;
    } catch (QueueException e) {
      log.later(finding.message().getMessageId(), String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void park(Finding.Park park) {
    SQSMessage message = park.message();
    List<String> bodies = bodies(park);
    bodies.forEach(queue::park);
    boolean unfit = bodies.isEmpty() && !park.records().isEmpty();
    if (unfit || park.holes()) {
      queue.park(message.getBody());
      String why = unfit ? "a record is too large for a message" : "the stream has forgotten some";
      log.passedOn(message.getMessageId(), DeadLetter.Form.REFERENCE, why);
    }
    log.captured(park.failure(), park.records().size(), bodies.size(), park.reason());
  }

  private List<String> bodies(Finding.Park park) {
    if (park.records().isEmpty()) {
      return List.of();
    }
    Instant now = InstantSource.system().instant();
    String reason = secondChance == null ? null : park.reason();
    return new CapturedWriter(park.failure(), now, reason).write(park.records());
  }
}
