package dev.utsushi.outbox.relay;

import dev.utsushi.core.telemetry.Log;
import dev.utsushi.outbox.broker.Broker;
import dev.utsushi.outbox.broker.BrokerAnswer;
import dev.utsushi.outbox.protocol.EventState;
import dev.utsushi.outbox.protocol.KeyRun;
import dev.utsushi.outbox.protocol.RelayRun;
import dev.utsushi.outbox.protocol.Reply;
import dev.utsushi.outbox.protocol.Step;
import dev.utsushi.outbox.table.EventTable;
import dev.utsushi.outbox.table.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Drives the runs of many keys: in each wave it makes one step of each, all at the same time, and
 * what goes to the broker goes together. A run never waits for what another one gets as its reply.
 */
public final class Waves implements AutoCloseable {
  /** Requests at the same time: as many connections. */
  private static final int MOST_REQUESTS = 16;

  /** After so many, keys with more events leave the others their turn. */
  private static final int MOST_WAVES = 300;

  /** A broker's request takes 10 events or more. */
  private static final int EVENTS_PER_CALL = 10;

  private final EventTable table;
  private final Broker broker;
  private final Log log;
  private final RelayCount count = new RelayCount();
  private final ExecutorService requests =
      Executors.newFixedThreadPool(
          MOST_REQUESTS, Thread.ofVirtual().name("outbox-request-", 0).factory());

  /** Prepares to drive runs on this table and this broker. */
  public Waves(EventTable table, Broker broker, Log log) {
    this.table = table;
    this.broker = broker;
    this.log = log;
  }

  /** Returns the counts since the beginning. */
  public RelayCount count() {
    return count;
  }

  /**
   * Returns when all runs are done, or have taken their turn. A run ends early only where it holds
   * no lease.
   *
   * @param mayGoOn asked before each wave; what is left then, the table still has
   */
  void run(List<KeyWork> works, BooleanSupplier mayGoOn) throws InterruptedException {
    List<KeyWork> open = works;
    for (int made = 0; !open.isEmpty(); made++) {
      List<Callable<Void>> wave = new ArrayList<>();
      List<KeyWork> publishing = new ArrayList<>();
      for (KeyWork work : open) {
        if (work.run().step() instanceof Step.Publish) {
          publishing.add(work);
        } else {
          wave.add(request(() -> ask(work)));
        }
      }
      for (int from = 0; from < publishing.size(); from += EVENTS_PER_CALL) {
        int to = Math.min(from + EVENTS_PER_CALL, publishing.size());
        List<KeyWork> together = publishing.subList(from, to);
        wave.add(request(() -> publish(together)));
      }
      finish(wave);
      boolean ending = made >= MOST_WAVES || !mayGoOn.getAsBoolean();
      open =
          open.stream()
              .filter(work -> !work.run().isDone() && !(ending && isFree(work.run())))
              .toList();
    }
  }

  private static boolean isFree(KeyRun run) {
    return switch (run.step()) {
      case Step.ReadUpTo _, Step.ReadNext _ -> true;
      case Step.Publish _ -> run instanceof RelayRun;
      case Step.Write _, Step.Mark _, Step.Done _ -> false;
    };
  }

  private static Callable<Void> request(Runnable request) {
    return () -> {
      request.run();
      return null;
    };
  }

  private void finish(List<Callable<Void>> wave) throws InterruptedException {
    for (var request : requests.invokeAll(wave)) {
      switch (request.state()) {
        case FAILED ->
            throw new IllegalStateException("A step of a run failed", request.exceptionNow());
        case SUCCESS, CANCELLED, RUNNING -> {}
      }
    }
  }

  private void ask(KeyWork work) {
    try {
      switch (work.run().step()) {
        case Step.ReadUpTo(long sequence, int rows) ->
            work.replyRows(table.upTo(work.place(sequence), rows));
        case Step.ReadNext(long after) ->
            work.replyRows(table.after(work.place(after)).stream().toList());
        case Step.Write(var row, EventState next) -> write(work, row.sequence(), next);
        case Step.Mark(long sequence) -> mark(work, sequence);
        case Step.Publish _, Step.Done _ ->
            throw new IllegalStateException("The table is not asked for this");
      }
    } catch (SdkException e) {
      count.failedAdder().increment();
      log.warn(
          "outbox_table_failed",
          json -> json.writeStringField("failure", e.getClass().getSimpleName()));
      work.reply(new Reply.Failed());
    }
  }

  private void write(KeyWork work, long sequence, EventState next) {
    Optional<StoredEvent> written = table.write(work.event(sequence), next);
    if (written.isEmpty()) {
      work.reply(new Reply.Lost());
      return;
    }
    work.keep(written.get());
    work.reply(new Reply.Wrote(written.get().row()));
    if (next instanceof EventState.Parked) {
      count.parkedAdder().increment();
      log.error(
          "outbox_event_parked", json -> json.writeStringField("id", written.get().event().id()));
    }
  }

  private void mark(KeyWork work, long sequence) {
    if (!table.mark(work.place(sequence))) {
      count.duplicatesAdder().increment();
    }
    work.reply(new Reply.Noted());
  }

  private void publish(List<KeyWork> works) {
    var events =
        works.stream()
            .map(work -> (Step.Publish) work.run().step())
            .map(Step.Publish::row)
            .toList();
    var answers =
        broker.publish(
            IntStream.range(0, works.size())
                .mapToObj(i -> works.get(i).event(events.get(i).sequence()).event())
                .toList());
    for (int i = 0; i < works.size(); i++) {
      works.get(i).reply(reply(answers.get(i)));
    }
  }

  private Reply reply(BrokerAnswer answer) {
    return switch (answer) {
      case BrokerAnswer.Acknowledged() -> {
        count.publishedAdder().increment();
        yield new Reply.Acknowledged();
      }
      case BrokerAnswer.Refused(String reason) -> {
        count.refusedAdder().increment();
        log.error("outbox_event_refused", json -> json.writeStringField("reason", reason));
        yield new Reply.Refused();
      }
      case BrokerAnswer.Unavailable(String reason) -> {
        count.unavailableAdder().increment();
        log.warn("outbox_broker_unavailable", json -> json.writeStringField("reason", reason));
        yield new Reply.Unavailable();
      }
    };
  }

  /** Ends the threads. */
  @Override
  public void close() {
    requests.close();
  }
}
