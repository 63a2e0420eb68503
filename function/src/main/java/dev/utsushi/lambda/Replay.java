package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Origin;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.stream.RangeReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Receives messages from the dead-letter queue, writes their records, and deletes a message only
 * when all of its records are processed.
 *
 * <p>Its messages stay in flight until shortly after its deadline: if it is killed, they become
 * visible again by themselves. It releases the messages that it keeps only at its end, so that it
 * never receives one twice.
 *
 * @param dimensions those of its metrics
 * @param lastWait how long to wait for one more message before the queue counts as empty
 */
record Replay(
    Set<String> sources,
    Map<String, String> dimensions,
    DeadLetterQueue queue,
    RangeReader ranges,
    ReplayBatch.Flow flow,
    Duration lastWait,
    Log log) {
  private static final Duration LONGEST_RESERVE = Duration.ofSeconds(5);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);
  private static final Duration VISIBILITY_MARGIN = Duration.ofSeconds(10);

  /** The most records to write at once. */
  private static final long MOST_BYTES_AT_ONCE = 8 << 20;

  /**
   * A reply is full at this size. Ten more messages, which may be added before the next check, stay
   * below <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda's 6
   * MB</a>.
   */
  private static final int FULL_REPLY_BYTES = 3 << 20;

  private static final int MOST_BYTES_OF_A_MESSAGE = 256 << 10;

  /**
   * Replays until there is nothing more to do, or no more time.
   *
   * @throws IllegalStateException if messages can't be received
   */
  ReplayReply run(ReplayRequest request, Deadline deadline) {
    Run run = new Run(request, deadline);
    try {
      Stopped stopped = run.untilStopped();
      var reply = new ReplayReply(request.dryRun(), stopped, List.copyOf(run.replies.values()));
      report(reply);
      return reply;
    } finally {
      run.releaseKept();
    }
  }

  private void report(ReplayReply reply) {
    var totals = reply.totals();
    log.info(
        reply.dryRun() ? "replay_rehearsed" : "replay_done",
        json -> {
          json.writeStringField("stopped", reply.stopped().name());
          json.writeNumberField("messages", totals.messages());
          json.writeNumberField("deleted", totals.deleted());
          json.writeNumberField("kept", totals.kept());
          json.writeNumberField("records", totals.records());
        });
  }

  /** Returns what failed, why, and which permission it needs. */
  static String queueProblem(
      String what, DeadLetterQueue queue, String permission, SdkException e) {
    return "can't %s %s: %s. Does the queue exist, and does the function's role allow %s?"
        .formatted(what, queue.url(), RangeReader.cause(e), permission);
  }

  /** One replay. */
  private final class Run {
    private final ReplayRequest request;
    private final Deadline deadline;
    private final Duration reserve;
    private final Pace pace;
    private final Map<String, Message> held = new LinkedHashMap<>();
    private final Map<Object, ReplayReply.Message> replies = new LinkedHashMap<>();
    private int replyBytes;
    private int processed;

    Run(ReplayRequest request, Deadline deadline) {
      this.request = request;
      this.deadline = deadline;
      Duration fifth = deadline.remaining().dividedBy(5);
      reserve = fifth.compareTo(LONGEST_RESERVE) < 0 ? fifth : LONGEST_RESERVE;
      pace = new Pace(request.ratePerSecond(), deadline.clock());
    }

    /**
     * A receive that does not wait asks only some of SQS's servers, and may miss messages; one that
     * waits asks all. So only the last receive waits.
     */
    Stopped untilStopped() {
      // Another receive needs as much time again as is reserved for its end.
      Deadline lastReceive = before(reserve.multipliedBy(2));
      boolean last = false;
      while (true) {
        if (request.max() > 0 && processed >= request.max()) {
          return Stopped.MAX;
        }
        if (replyBytes > FULL_REPLY_BYTES) {
          return Stopped.REPLY_FULL;
        }
        if (!pace.await(lastReceive) || lastReceive.remaining().isNegative()) {
          return Stopped.DEADLINE;
        }
        List<Message> received = receive(last ? lastWait : Duration.ZERO);
        if (received.isEmpty() && last) {
          return Stopped.EMPTY;
        }
        last = received.isEmpty();
        replay(received);
      }
    }

    private Deadline before(Duration time) {
      return new Deadline(deadline.at().minus(time), deadline.clock(), deadline.sleeper());
    }

    private List<Message> receive(Duration wait) {
      int most = request.max() == 0 ? DeadLetterQueue.MOST_AT_ONCE : request.max() - processed;
      Duration visibilityTimeout = deadline.remaining().plus(VISIBILITY_MARGIN);
      try {
        List<Message> received =
            queue.receive(
                pace.most(Math.min(most, DeadLetterQueue.MOST_AT_ONCE)), wait, visibilityTimeout);
        // Without the body: a queue may hold more than fits into memory.
        received.forEach(
            message -> held.put(message.messageId(), message.toBuilder().body(null).build()));
        return received;
      } catch (SdkException e) {
        throw new IllegalStateException(
            queueProblem("receive messages from", queue, "sqs:ReceiveMessage", e), e);
      }
    }

    private void replay(List<Message> messages) {
      ReplayBatch batch = new ReplayBatch();
      for (ReplayBatch.Received received : ReplayBatch.Received.group(messages, sources)) {
        if (isOldEnough(received.letter())) {
          processed += received.copies().size();
          batch.add(received.open(ranges, writeDeadline()));
          if (batch.bytes() > MOST_BYTES_AT_ONCE) {
            write(batch);
            batch = new ReplayBatch();
          }
        }
      }
      write(batch);
    }

    private boolean isOldEnough(DeadLetter letter) {
      Instant latest = deadline.clock().instant().minusSeconds(request.olderThanSeconds());
      var failure = letter.failure();
      return failure == null || !failure.failedAt().isAfter(latest);
    }

    private Deadline writeDeadline() {
      return Deadline.in(before(reserve).remainingUpTo(LONGEST_WRITE), deadline.clock());
    }

    private void write(ReplayBatch batch) {
      List<ReplayBatch.Written> written = batch.write(flow, request.dryRun(), writeDeadline());
      List<Message> finished = new ArrayList<>();
      int filtered = 0;
      for (ReplayBatch.Written each : written) {
        pace.count(each.opened().read().records().size());
        filtered += each.opened().read().filtered();
        if (!request.dryRun() && each.isProcessed()) {
          finished.addAll(each.opened().received().copies());
        }
      }
      Map<String, String> notDeleted = inBatches(finished, queue::delete);
      finished.stream()
          .map(Message::messageId)
          .filter(id -> !notDeleted.containsKey(id))
          .forEach(held::remove);
      if (!request.dryRun()) {
        log.count(dimensions, Metric.FILTERED, filtered);
      }
      written.forEach(each -> reply(each, notDeleted));
    }

    /** Sends requests for messages; returns, by id, why some failed. */
    private Map<String, String> inBatches(
        Collection<Message> messages, Function<List<Message>, Map<String, String>> request) {
      Map<String, String> causes = new HashMap<>();
      for (List<Message> batch : DeadLetterQueue.batches(messages)) {
        try {
          causes.putAll(request.apply(batch));
        } catch (SdkException e) {
          batch.forEach(message -> causes.put(message.messageId(), RangeReader.cause(e)));
        }
      }
      return causes;
    }

    private void reply(ReplayBatch.Written written, Map<String, String> notDeleted) {
      ReplayBatch.Received received = written.opened().received();
      Message first = received.copies().getFirst();
      var failure = received.letter().failure();
      List<Replayed> listed = new ArrayList<>();
      Map<String, Integer> unlisted = new LinkedHashMap<>();
      int bytes = 0;
      for (Replayed each : failedFirst(written.records())) {
        bytes += each.bytes();
        if (bytes <= MOST_BYTES_OF_A_MESSAGE) {
          listed.add(each);
        } else {
          unlisted.merge(ReplayReply.name(each.outcome()), 1, Integer::sum);
        }
      }
      int filtered = written.opened().read().filtered();
      if (filtered > 0) {
        unlisted.put(ReplayReply.name(Outcome.Kind.FILTERED), filtered);
      }
      replyBytes += Math.min(bytes, MOST_BYTES_OF_A_MESSAGE);
      boolean kept =
          received.copies().stream().anyMatch(each -> held.containsKey(each.messageId()));
      var message =
          new ReplayReply.Message(
              first.messageId(),
              received.letter().form(),
              kept ? Fate.KEPT : Fate.DELETED,
              note(written, notDeleted),
              failure == null ? null : Origin.of(failure),
              DeadLetterQueue.receives(first),
              received.copies().size(),
              listed,
              unlisted);
      replies.merge(received.identity(), message, Run::merged);
    }

    private static List<Replayed> failedFirst(List<Replayed> records) {
      return records.stream()
          .sorted(Comparator.comparing(each -> each.outcome().isProcessed()))
          .toList();
    }

    /** A later duplicate of a deleted message is superseded, so the first outcome counts. */
    private static ReplayReply.Message merged(
        ReplayReply.Message first, ReplayReply.Message duplicate) {
      ReplayReply.Message worse = first.fate() == Fate.KEPT ? first : duplicate;
      ReplayReply.Message news = worse.fate() == Fate.KEPT ? worse : first;
      return new ReplayReply.Message(
          first.messageId(),
          first.form(),
          worse.fate(),
          worse.note(),
          first.origin(),
          Math.max(first.receives(), duplicate.receives()),
          first.copies() + duplicate.copies(),
          news.records(),
          news.unlisted());
    }

    private static @Nullable String note(
        ReplayBatch.Written written, Map<String, String> notDeleted) {
      for (Message copy : written.opened().received().copies()) {
        String cause = notDeleted.get(copy.messageId());
        if (cause != null) {
          return "Its records are processed, but SQS did not delete it (%s): replay again."
              .formatted(cause);
        }
      }
      String problem = written.opened().problem();
      long failed = written.failed();
      return problem != null || failed == 0
          ? problem
          : "%d of %d records %s not processed: fix the reason, then replay again."
              .formatted(failed, written.records().size(), failed == 1 ? "is" : "are");
    }

    /** A message that is not released becomes visible when its visibility timeout ends. */
    void releaseKept() {
      inBatches(held.values(), queue::release)
          .forEach(
              (id, cause) ->
                  log.warn(
                      "message_stays_hidden",
                      json -> {
                        json.writeStringField("messageId", id);
                        json.writeStringField("reason", cause);
                      }));
    }
  }

  /** Keeps a rate of records. */
  static final class Pace {
    private final double perSecond;
    private final InstantSource clock;
    private Instant next;

    /**
     * @param perSecond 0 for no limit
     */
    Pace(double perSecond, InstantSource clock) {
      this.perSecond = perSecond;
      this.clock = clock;
      next = clock.instant();
    }

    /** Counts records that were written. */
    void count(int records) {
      if (perSecond > 0) {
        Instant now = clock.instant();
        Instant from = next.isAfter(now) ? next : now;
        next = from.plusNanos((long) (records * 1e9 / perSecond));
      }
    }

    /** Limits messages to what one second allows, since most messages hold one record. */
    int most(int wanted) {
      return perSecond > 0 ? (int) Math.clamp(Math.ceil(perSecond), 1, wanted) : wanted;
    }

    /** Waits for the next write; returns false if there is not that much time left. */
    boolean await(Deadline deadline) {
      Duration pause = Duration.between(clock.instant(), next);
      return !pause.isPositive() || deadline.pause(pause);
    }
  }
}
