package dev.utsushi.lambda;

import static dev.utsushi.stream.RangeReader.State.IN_STREAM;
import static dev.utsushi.stream.RangeReader.State.PARTLY_EXPIRED;
import static dev.utsushi.stream.RangeReader.State.UNAVAILABLE;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.deadletter.CapturedMessage;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetter.Failure;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.RecordResult;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.replication.ReplicationTelemetry.Lag;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.stream.RangeReader;
import dev.utsushi.stream.RangeReader.Records;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The handler on the queue of Lambda's messages about failed batches. While the stream still holds
 * their records, it sends the records themselves to the dead-letter queue. Its event source mapping
 * needs {@code ReportBatchItemFailures}.
 *
 * <p>It reports a message as processed only when what replaces it is in the queue, or every record
 * is in the index. If it is interrupted earlier, Lambda retries the message, and at worst it is
 * sent twice.
 */
public final class CaptureHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  /** The most that the records of one invocation may hold; Lambda retries the other messages. */
  private static final long MOST_BYTES = 64 << 20;

  private static final int MOST_REASONS = 5;

  private final Set<String> sources;
  private final String index;
  private final Map<String, String> dimensions;
  private final RangeReader ranges;
  private final DeadLetterQueue queue;
  private final Targets targets;
  private final Log log = new Log(System.out, InstantSource.system());

  /** Writes the records before they are captured; null for no second chance. */
  private final @Nullable Replication secondChance;

  private final Optional<FailureLog> failureLog;

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public CaptureHandler() {
    this(
        Settings.readDeadLetters(System.getenv()),
        SocketCaller.trusting(System.getenv(Setting.SEARCH_CA.variable())));
  }

  private CaptureHandler(DeadLetterSettings settings, HttpCaller caller) {
    this(
        settings,
        System.getenv(),
        caller,
        RangeReader.create(new RecordFilter(settings.filterPatterns()), System.getenv(), caller),
        DeadLetterQueue.at(settings.queueUrl()));
  }

  /** Creates the handler with other clients than Lambda's. */
  CaptureHandler(
      DeadLetterSettings settings,
      Map<String, String> environment,
      HttpCaller caller,
      RangeReader ranges,
      DeadLetterQueue queue) {
    sources = settings.sources();
    index = settings.replication().index().reader();
    dimensions = settings.replication().dimensions();
    targets = settings.replication().targets();
    this.ranges = ranges;
    this.queue = queue;
    secondChance =
        settings.secondChance()
            ? Assembly.replication(settings.replication(), caller, log, new Lag.None())
            : null;
    failureLog = FailureLog.of(settings, environment, caller, log);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    List<SQSMessage> messages = event.getRecords() == null ? List.of() : event.getRecords();
    return capture(messages, Assembly.deadline(context));
  }

  /**
   * A message with its records; after the second chance, with those that it left.
   *
   * @param reasons why the records failed, as far as that is known
   */
  private record Step(SQSMessage message, DeadLetter letter, Records read, List<String> reasons) {

    /** Returns whether to send the records, and the message as well if some are missing. */
    boolean isToSend() {
      return read.state() == IN_STREAM || read.state() == PARTLY_EXPIRED;
    }

    /** Returns the records that the second chance writes. */
    List<StreamRecord> records() {
      return isToSend() ? read.records() : List.of();
    }
  }

  private SQSBatchResponse capture(List<SQSMessage> messages, Deadline deadline) {
    List<Step> steps = read(messages, half(deadline));
    steps =
        secondChance == null
            ? explain(steps, half(deadline))
            : write(secondChance, steps, half(deadline));
    List<BatchItemFailure> failures = new ArrayList<>();
    for (Step step : steps) {
      if (!perform(step)) {
        failures.add(new BatchItemFailure(step.message().getMessageId()));
      }
    }
    return new SQSBatchResponse(failures);
  }

  /** Reserves time for the next step. */
  private static Deadline half(Deadline deadline) {
    return Deadline.in(deadline.remaining().dividedBy(2), deadline.clock());
  }

  private List<Step> read(List<SQSMessage> messages, Deadline deadline) {
    List<Step> steps = new ArrayList<>();
    long bytes = 0;
    for (SQSMessage message : messages) {
      DeadLetter letter = DeadLetter.parse(message.getBody(), sources);
      Records read =
          bytes > MOST_BYTES
              ? new Records(UNAVAILABLE, "the messages before it hold too much")
              : ranges.read(letter, deadline);
      bytes += RangeReader.bytes(read.records());
      steps.add(new Step(message, letter, read, List.of()));
    }
    return steps;
  }

  private List<Step> explain(List<Step> steps, Deadline deadline) {
    return failureLog
        .map(log -> steps.stream().map(step -> explained(step, log, deadline)).toList())
        .orElse(steps);
  }

  private static Step explained(Step step, FailureLog log, Deadline deadline) {
    Failure failure = step.letter().failure();
    if (failure == null) {
      return step;
    }
    List<String> reasons = log.reasons(failure, step.records(), deadline);
    return new Step(step.message(), step.letter(), step.read(), reasons);
  }

  /** Writes all records at once, so that an engine that is down costs its time once. */
  private static List<Step> write(Replication flow, List<Step> steps, Deadline deadline) {
    List<StreamRecord> records = steps.stream().flatMap(step -> step.records().stream()).toList();
    if (records.isEmpty()) {
      return steps;
    }
    Iterator<RecordResult> results = flow.replicate(records, deadline).iterator();
    return steps.stream().map(step -> step.isToSend() ? remaining(step, results) : step).toList();
  }

  private static Step remaining(Step step, Iterator<RecordResult> results) {
    List<StreamRecord> records = new ArrayList<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (StreamRecord streamRecord : step.records()) {
      if (results.next().outcome() instanceof Outcome.Failed failed) {
        records.add(streamRecord);
        reasons.add(failed.kind().name().toLowerCase(Locale.ROOT) + ": " + failed.reason());
      }
    }
    Records left =
        new Records(step.read().state(), records, step.read().filtered(), step.read().cause());
    return new Step(step.message(), step.letter(), left, List.copyOf(reasons));
  }

  /** Returns whether the message is processed. */
  private boolean perform(Step step) {
    try {
      switch (step.read().state()) {
        case IN_STREAM, PARTLY_EXPIRED -> send(step);
        case CAPTURED -> passOn(step, "it holds its records already");
        case EXPIRED -> passOn(step, "the stream no longer holds its records");
        case TOO_LARGE -> passOn(step, "it has too many records");
        case NONE -> passOn(step, step.read().cause());
        case UNAVAILABLE -> {
          logRetry(step.message(), step.read().cause());
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

  /** Sends the message unchanged. */
  private void passOn(Step step, String reason) {
    queue.send(step.message().getBody());
    log.warn(
        "dead_letter_passed_on",
        json -> {
          json.writeStringField("index", index);
          json.writeStringField("messageId", step.message().getMessageId());
          json.writeStringField("form", step.letter().form().name());
          json.writeStringField("reason", reason);
        });
  }

  private void send(Step step) {
    Failure failure = Objects.requireNonNull(step.letter().failure());
    List<StreamRecord> records = step.records();
    String reason = step.reasons().stream().limit(MOST_REASONS).collect(Collectors.joining("; "));
    List<String> bodies =
        records.isEmpty()
            ? List.of()
            : CapturedMessage.write(
                failure,
                Instant.now(),
                reason.isEmpty() ? null : reason,
                records.stream().map(this::retained).toList());
    bodies.forEach(queue::send);
    if (bodies.isEmpty() && !records.isEmpty()) {
      passOn(step, "a record is too large for a message");
    } else if (step.read().state() == PARTLY_EXPIRED) {
      passOn(step, "the stream no longer holds some records");
    }
    int filtered = step.read().filtered();
    log.count(dimensions, Metric.FILTERED, filtered);
    log.info(
        records.isEmpty() ? "dead_letter_settled" : "dead_letter_captured",
        json -> {
          json.writeStringField("index", index);
          writeRange(json, failure.range());
          json.writeNumberField("records", records.size());
          json.writeNumberField("filtered", filtered);
          json.writeNumberField("messages", bodies.size());
          if (!reason.isEmpty()) {
            json.writeStringField("reason", reason);
          }
        });
  }

  /** What no index shows must not be in a queue either. */
  private StreamRecord retained(StreamRecord streamRecord) {
    Map<String, Value> image = streamRecord.newImage();
    return targets.isWhole() || image == null
        ? streamRecord
        : streamRecord.with(targets.retained(image), null);
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
