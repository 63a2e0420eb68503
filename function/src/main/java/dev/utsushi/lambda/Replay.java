package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.core.deadletter.Failure;
import dev.utsushi.core.deadletter.QueuedMessage;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.deadletter.ReplayedMessage;
import dev.utsushi.core.deadletter.ReplayedMessage.Fate;
import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.telemetry.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages from the dead-letter queue, writes their records, and deletes a message only when
 * every record of it is settled.
 *
 * <p>Whatever it holds is hidden from others until a little after its deadline: a replay that is
 * killed loses nothing, its messages come back by themselves. What it keeps it shows again as it
 * ends, and not before, so that it meets no message twice.
 */
final class Replay {
  private static final Duration LONGEST_RESERVE = Duration.ofSeconds(5);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);
  private static final Duration HIDDEN_LONGER = Duration.ofSeconds(10);

  /** What is written at once, at most: of records, as characters of their JSON. */
  private static final long MOST_CHARS_AT_ONCE = 8 << 20;

  private final DeadLetterQueue queue;
  private final LetterReader reader;
  private final LetterWriter writer;
  private final Duration lastWait;
  private final Log log;

  /**
   * @param lastWait how long to wait for one more message before the queue is said to be empty
   */
  Replay(
      DeadLetterQueue queue, LetterReader reader, LetterWriter writer, Duration lastWait, Log log) {
    this.queue = queue;
    this.reader = reader;
    this.writer = writer;
    this.lastWait = lastWait;
    this.log = log;
  }

  /**
   * Replays until there is nothing more to do, or no more time.
   *
   * @throws dev.utsushi.core.deadletter.QueueException if the queue can't be read
   */
  ReplayReply run(ReplayRequest request, Deadline deadline) {
    Run run = new Run(request, deadline);
    try {
      Stopped stopped = run.untilStopped();
      ReplayReply reply = new ReplayReply(request.dryRun(), stopped, run.report.messages());
      tell(reply);
      return reply;
    } finally {
      run.showKept();
    }
  }

  private void tell(ReplayReply reply) {
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

  /** One replay. */
  private final class Run {
    private final ReplayRequest request;
    private final Deadline deadline;
    private final Duration reserve;
    private final ReplayReport report = new ReplayReport();
    private final Map<String, QueuedMessage> held = new LinkedHashMap<>();
    private final Pace pace;
    private int looked;

    Run(ReplayRequest request, Deadline deadline) {
      this.request = request;
      this.deadline = deadline;
      Duration fifth = deadline.remaining().dividedBy(5);
      this.reserve = fifth.compareTo(LONGEST_RESERVE) < 0 ? fifth : LONGEST_RESERVE;
      this.pace = new Pace(request.ratePerSecond(), deadline.clock());
    }

    /**
     * A receipt that does not wait asks some of SQS's servers only and may find nothing where
     * something is; one that waits asks all. So the last one waits, and only that.
     */
    Stopped untilStopped() {
      boolean last = false;
      while (true) {
        if (request.max() > 0 && looked >= request.max()) {
          return Stopped.MAX;
        }
        if (report.isFull()) {
          return Stopped.REPLY_FULL;
        }
        if (!pace.await(timeToWork()) || timeToWork().isNegative()) {
          return Stopped.DEADLINE;
        }
        List<QueuedMessage> received = receive(last ? lastWait : Duration.ZERO);
        if (received.isEmpty() && last) {
          return Stopped.EMPTY;
        }
        last = received.isEmpty();
        replay(received);
      }
    }

    /** A new receipt needs as much time again as is kept back for its end. */
    private Duration timeToWork() {
      return deadline.remaining().minus(reserve.multipliedBy(2));
    }

    private List<QueuedMessage> receive(Duration wait) {
      int most = request.max() == 0 ? DeadLetterQueue.MOST_AT_ONCE : request.max() - looked;
      Duration hidden = deadline.remaining().plus(HIDDEN_LONGER);
      List<QueuedMessage> received =
          queue.receive(Math.min(pace.most(most), DeadLetterQueue.MOST_AT_ONCE), wait, hidden);
      received.forEach(message -> held.put(message.id(), message));
      return received;
    }

    private void replay(List<QueuedMessage> received) {
      List<Letter> letters = new ArrayList<>();
      long chars = 0;
      for (LetterReader.Sealed sealed : reader.sort(received)) {
        if (isOldEnough(sealed.failure())) {
          looked += sealed.copies().size();
          Letter letter = reader.open(sealed, writeDeadline());
          letters.add(letter);
          chars += letter.chars();
          if (chars > MOST_CHARS_AT_ONCE) {
            write(letters);
            letters.clear();
            chars = 0;
          }
        }
      }
      write(letters);
    }

    private boolean isOldEnough(@Nullable Failure failure) {
      Instant youngest = deadline.clock().instant().minus(request.olderThan());
      return failure == null || !failure.failedAt().isAfter(youngest);
    }

    private Deadline writeDeadline() {
      Duration time = deadline.remaining().minus(reserve);
      return Deadline.in(
          time.compareTo(LONGEST_WRITE) < 0 ? time : LONGEST_WRITE, deadline.clock());
    }

    private void write(List<Letter> letters) {
      if (letters.isEmpty()) {
        return;
      }
      List<List<ReplayedRecord>> replayed =
          writer.write(letters, request.dryRun(), writeDeadline());
      List<QueuedMessage> settled = new ArrayList<>();
      for (int i = 0; i < letters.size(); i++) {
        pace.count(letters.get(i).records().size());
        if (!request.dryRun() && isSettled(letters.get(i), replayed.get(i))) {
          settled.addAll(letters.get(i).copies());
        }
      }
      Map<String, String> notDeleted = delete(settled);
      for (int i = 0; i < letters.size(); i++) {
        report.add(letters.get(i), message(letters.get(i), replayed.get(i), notDeleted));
      }
    }

    /** The messages' only way out: all that they told of is in the index, or something newer. */
    private static boolean isSettled(Letter letter, List<ReplayedRecord> records) {
      return letter.isWhole() && records.stream().allMatch(each -> each.outcome().isSettled());
    }

    private Map<String, String> delete(List<QueuedMessage> settled) {
      Map<String, String> notDeleted = new LinkedHashMap<>();
      for (int from = 0; from < settled.size(); from += DeadLetterQueue.MOST_AT_ONCE) {
        int to = Math.min(settled.size(), from + DeadLetterQueue.MOST_AT_ONCE);
        notDeleted.putAll(queue.delete(settled.subList(from, to)));
      }
      for (QueuedMessage message : settled) {
        if (!notDeleted.containsKey(message.id())) {
          held.remove(message.id());
        }
      }
      return notDeleted;
    }

    private ReplayedMessage message(
        Letter letter, List<ReplayedRecord> records, Map<String, String> notDeleted) {
      boolean gone = letter.copies().stream().noneMatch(copy -> held.containsKey(copy.id()));
      return report.message(
          letter, gone ? Fate.DELETED : Fate.KEPT, note(letter, records, notDeleted), records);
    }

    private @Nullable String note(
        Letter letter, List<ReplayedRecord> records, Map<String, String> notDeleted) {
      for (QueuedMessage copy : letter.copies()) {
        String cause = notDeleted.get(copy.id());
        if (cause != null) {
          return "Its records are settled, but SQS did not delete it ("
              + cause
              + "): replay again.";
        }
      }
      long left = records.stream().filter(each -> !each.outcome().isSettled()).count();
      if (letter.problem() != null || left == 0) {
        return letter.problem();
      }
      return "%d of %d records %s not settled: see the reason, mend it, replay again."
          .formatted(left, records.size(), left == 1 ? "is" : "are");
    }

    /** Where this fails, they show themselves when the time that they are hidden for is over. */
    void showKept() {
      List<QueuedMessage> kept = List.copyOf(held.values());
      for (int from = 0; from < kept.size(); from += DeadLetterQueue.MOST_AT_ONCE) {
        int to = Math.min(kept.size(), from + DeadLetterQueue.MOST_AT_ONCE);
        Map<String, String> hidden = queue.show(kept.subList(from, to));
        hidden.forEach(
            (id, cause) ->
                log.warn(
                    "message_stays_hidden",
                    json -> {
                      json.writeStringField("messageId", id);
                      json.writeStringField("reason", cause);
                    }));
      }
    }
  }
}
