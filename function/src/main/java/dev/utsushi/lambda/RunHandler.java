package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.SegmentQueue;
import dev.utsushi.core.run.SegmentQueue.Start;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.RunSettings;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.run.SegmentWorker;
import dev.utsushi.run.SegmentWorker.Result;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The handler on the queue of segments: backfill, verification and purge. Its event source mapping
 * needs {@code ReportBatchItemFailures}, batches of one, and the maximum concurrency of the
 * settings.
 */
public final class RunHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  private final SegmentWorker worker;
  private final SegmentQueue queue;
  private final Map<String, String> dimensions;
  private final Log log;

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.core.settings.SettingsException with everything that is wrong with the
   *     settings
   */
  public RunHandler() {
    RunSettings settings = Settings.readRuns(System.getenv());
    log = new Log(System.out, InstantSource.system());
    dimensions = settings.replication().dimensions();
    var caller = SocketCaller.trusting(System.getenv(Setting.SEARCH_CA.variable()));
    worker = Assembly.segmentWorker(settings, caller, RunStore.at(settings.runTable()), log);
    queue = SegmentQueue.at(settings.queueUrl());
  }

  RunHandler(SegmentWorker worker, SegmentQueue queue, Map<String, String> dimensions, Log log) {
    this.worker = worker;
    this.queue = queue;
    this.dimensions = dimensions;
    this.log = log;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    Deadline deadline = Assembly.deadline(context);
    List<BatchItemFailure> failures = new ArrayList<>();
    for (SQSMessage message :
        event.getRecords() == null ? List.<SQSMessage>of() : event.getRecords()) {
      if (!isProcessed(message, deadline)) {
        failures.add(new BatchItemFailure(message.getMessageId()));
      }
    }
    return new SQSBatchResponse(failures);
  }

  private boolean isProcessed(SQSMessage message, Deadline deadline) {
    Optional<Start> start = Start.parse(message.getBody());
    if (start.isPresent()) {
      return isStarted(message, start.get(), deadline);
    }
    Task task;
    try {
      task = Task.parse(message.getBody());
    } catch (IllegalArgumentException e) {
      log.error(
          "message_unreadable",
          json -> {
            json.writeStringField("messageId", message.getMessageId());
            json.writeStringField("reason", String.valueOf(e.getMessage()));
          });
      return false;
    }
    return switch (worker.work(task, deadline)) {
      case Result.Over _ -> true;
      case Result.Verified(Map<Metric, Long> figures) -> {
        log.metrics(dimensions, figures);
        yield true;
      }
      case Result.Begins(List<Task> tasks) -> {
        queue.send(tasks, Duration.ZERO);
        yield true;
      }
      case Result.GoesOn(Duration delay) -> {
        queue.send(List.of(task), delay);
        yield true;
      }
      case Result.Waits(String reason, Duration delay) -> {
        note(task, reason);
        queue.send(List.of(task), delay);
        yield true;
      }
      case Result.Failed(String reason) -> {
        note(task, reason);
        yield false;
      }
    };
  }

  /** If it fails, the message comes again. */
  private boolean isStarted(SQSMessage message, Start start, Deadline deadline) {
    Result result;
    try {
      result = worker.start(message.getMessageId(), start, deadline);
    } catch (ReadException e) {
      log.error(
          "run_not_started",
          json -> {
            json.writeStringField("messageId", message.getMessageId());
            json.writeStringField("reason", String.valueOf(e.getMessage()));
          });
      return false;
    }
    Optional<Start> again = result instanceof Result.Waits ? start.waited() : Optional.empty();
    if (result instanceof Result.Begins(List<Task> tasks)) {
      queue.send(tasks, Duration.ZERO);
    } else if (again.isPresent()) {
      queue.send(again.get(), Start.WAIT);
    } else {
      log.warn(
          "run_not_started", json -> json.writeStringField("messageId", message.getMessageId()));
    }
    return true;
  }

  private void note(Task task, String reason) {
    log.error(
        "segment_failed",
        json -> {
          json.writeStringField("run", task.run());
          json.writeNumberField("segment", task.segment());
          json.writeStringField("reason", reason);
        });
  }
}
