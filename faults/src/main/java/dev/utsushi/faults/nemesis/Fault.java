package dev.utsushi.faults.nemesis;

import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.nemesis.FaultPoints.Delivering;
import dev.utsushi.faults.nemesis.FaultSchedule.Slot;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyAction.Moment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * Everything that is injected. A constant says when it may overlap others, what reports call it,
 * and how it is injected: to add a fault, add a constant.
 */
public enum Fault {
  TOO_MANY_REQUESTS(Lane.LINE, "engine replies 429", onRequests(Injection.ALWAYS, answer(429))),
  UNAVAILABLE(Lane.LINE, "engine replies 503", onRequests(Injection.ALWAYS, answer(503))),
  FORBIDDEN(Lane.LINE, "engine replies 403", onRequests(Injection.ALWAYS, answer(403))),
  // Longer than an invocation may take: its own time-out has to end the wait.
  HANG(Lane.LINE, "engine hangs", onRequests(1, new ProxyAction.Hang(Duration.ofSeconds(7)))),
  // A client whose connections drop retries as fast as it can, so a few hits are enough.
  DROP_BEFORE(
      Lane.LINE,
      "connection dropped before the write",
      onRequests(6, new ProxyAction.DropBefore())),
  LOSE_REPLY(Lane.LINE, "written, reply lost", onRequests(6, new ProxyAction.LoseAnswer())),
  TRUNCATE(Lane.LINE, "written, reply truncated", onRequests(6, new ProxyAction.Truncate())),
  DELAY(
      Lane.LINE,
      "slow connection",
      onRequests(Injection.ALWAYS, new ProxyAction.Delay(Duration.ofMillis(150)))),
  // Long enough for later writes of the same item to overtake it.
  STRAND(
      Lane.LINE,
      "connection dropped, written later",
      onRequests(6, new ProxyAction.Strand(Duration.ofMillis(1_500)))),

  ENGINE_RESTART(Lane.ENGINE, "engine stopped and started", Nemesis::restartEngine),
  WRITE_BLOCK(Lane.ENGINE, "index blocked for writes", Nemesis::blockWrites),

  KILL_BEFORE(Lane.FUNCTION, Of.MAPPING, "function killed before the write", kill(Moment.ARRIVED)),
  KILL_DURING(
      Lane.FUNCTION, Of.MAPPING, "function killed during the write", kill(Moment.FORWARDED)),
  KILL_AFTER(Lane.FUNCTION, Of.MAPPING, "function killed after the write", kill(Moment.DONE)),
  KILL_ANSWERED(
      Lane.FUNCTION, Of.MAPPING, "function killed after the reply", kill(Moment.ANSWERED)),
  // As with a reserved concurrency of 0.
  THROTTLE(
      Lane.FUNCTION,
      Of.MAPPING,
      "function throttled",
      at(points -> points.deliveries, Injection.ALWAYS, _ -> throttled())),

  KILL_STREAM_WORKERS(
      Lane.FUNCTION,
      Of.WORKERS,
      "every stream worker killed during a write",
      kill(Moment.FORWARDED)),
  KILL_STREAM_WORKER(
      Lane.FUNCTION, Of.WORKERS, "one of two stream workers killed", Nemesis::killStreamWorker),
  STOP_STREAM_WORKER(
      Lane.FUNCTION, Of.WORKERS, "one of two stream workers stopped", Nemesis::stopStreamWorker),

  DUPLICATE(
      Lane.DELIVERY,
      Of.MAPPING,
      "batch delivered twice at once",
      at(points -> points.duplicates, Injection.ALWAYS, Fault::deliverTwice)),
  REDELIVER(
      Lane.DELIVERY, Of.MAPPING, "old changes redelivered, shuffled, re-split", Nemesis::redeliver),
  STEAL_LEASE(Lane.DELIVERY, Of.WORKERS, "a lease stolen", Nemesis::stealLease),

  ROLL_OVER(Lane.STREAM, "shard rolled over; on Kinesis, split or merged", Nemesis::rollOverShards),
  // A worker reads one stream of the table, and a deployment starts others for the next.
  REENABLE(Lane.STREAM, Of.MAPPING, "stream switched off and on again", Nemesis::reenableStream),
  OLD_CHECKPOINT(
      Lane.STREAM,
      Of.MAPPING,
      "mapping restarted from an old checkpoint",
      Nemesis::restartFromOldCheckpoint),
  OLD_LEASES(
      Lane.STREAM,
      Of.WORKERS,
      "stream workers restarted with old leases",
      Nemesis::restartFromOldCheckpoint),

  QUEUE_DOWN(
      Lane.QUEUE,
      Of.MAPPING,
      "queue refuses a dead letter",
      at(points -> points.messages, 3, _ -> Fault::noReply)),
  QUEUE_REPLY_LOST(
      Lane.QUEUE,
      Of.MAPPING,
      "dead letter sent, reply lost",
      at(points -> points.messages, 1, send -> () -> noReplyAfter(send))),
  // More than the retries of the SDK, so that the worker has to retry.
  SEND_REFUSED(
      Lane.QUEUE,
      Of.WORKERS,
      "queue refuses a stream worker's dead letter",
      at(points -> points.sends, 6, new ProxyAction.Answer(503, "{}"))),
  SEND_REPLY_LOST(
      Lane.QUEUE,
      Of.WORKERS,
      "stream worker's dead letter sent, reply lost",
      at(points -> points.sends, 1, new ProxyAction.LoseAnswer())),

  WORKER_KILL_READ(
      Lane.RUN, "worker killed after it read a page", killWorker(points -> points.reads)),
  WORKER_KILL_WRITE(
      Lane.RUN, "worker killed after it wrote a page", killWorker(points -> points.pages)),
  WORKER_KILL_SAVE(
      Lane.RUN, "worker killed after it saved a page", killWorker(points -> points.saves)),
  SEGMENT_TWICE(
      Lane.RUN,
      "segment delivered twice at once",
      at(points -> points.segments, Injection.ALWAYS, Fault::deliverTwice)),
  TABLE_THROTTLED(
      Lane.RUN, "table throttled", at(points -> points.reads, Injection.ALWAYS, tableThrottles()));

  /** What is hit. Faults of one lane never overlap, those of different lanes do. */
  public enum Lane {
    LINE,
    ENGINE,
    FUNCTION,
    DELIVERY,
    STREAM,
    QUEUE,
    RUN
  }

  /** Which consumers of the stream a fault is for. */
  private enum Of {
    EVERY,
    MAPPING,
    WORKERS
  }

  /** Injects a fault; returns when it is over. */
  private interface Injection {
    int ALWAYS = Integer.MAX_VALUE;

    void inject(Nemesis nemesis, Slot slot) throws InterruptedException;
  }

  private final Lane lane;
  private final Of of;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // The injections are lambdas without state.
  private final Injection injection;

  Fault(Lane lane, String description, Injection injection) {
    this(lane, Of.EVERY, description, injection);
  }

  Fault(Lane lane, Of of, String description, Injection injection) {
    this.lane = lane;
    this.of = of;
    this.description = description;
    this.injection = injection;
  }

  /**
   * The faults of a lane.
   *
   * @param workers whether stream workers consume the stream, and not a mapping
   */
  public static List<Fault> of(Lane lane, boolean workers) {
    return all(workers).stream().filter(fault -> fault.lane == lane).toList();
  }

  /** The faults of all lanes. */
  public static List<Fault> all(boolean workers) {
    Of other = workers ? Of.MAPPING : Of.WORKERS;
    return Arrays.stream(values()).filter(fault -> fault.of != other).toList();
  }

  /** What reports call it. */
  public String description() {
    return description;
  }

  void inject(Nemesis nemesis, Slot slot) throws InterruptedException {
    injection.inject(nemesis, slot);
  }

  private static <A> Injection at(Function<FaultPoints, FaultPoint<A>> point, int hits, A action) {
    return (nemesis, slot) -> nemesis.arm(slot, point, hits, action);
  }

  private static Injection onRequests(int hits, ProxyAction action) {
    return at(points -> points.requests, hits, action);
  }

  private static ProxyAction answer(int status) {
    String type = status == 403 ? "security_exception" : "rejected_execution_exception";
    return new ProxyAction.Answer(
        status, "{\"error\":{\"type\":\"%s\"},\"status\":%d}".formatted(type, status));
  }

  private static Injection kill(Moment moment) {
    return (nemesis, slot) -> {
      var action = new ProxyAction.Interrupt(moment, () -> nemesis.killConsumer(slot));
      nemesis.arm(slot, points -> points.writes, 1, action);
    };
  }

  /** The request is done, and the worker has seen nothing of the reply. */
  private static Injection killWorker(Function<FaultPoints, FaultPoint<ProxyAction>> point) {
    return (nemesis, slot) ->
        nemesis.arm(slot, point, 1, new ProxyAction.Interrupt(Moment.DONE, nemesis::killWorker));
  }

  private static ProxyAction tableThrottles() {
    return new ProxyAction.Answer(
        400,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\",\"message\":\"on"
            + " command\"}");
  }

  private static InvocationResult throttled() {
    return new InvocationResult.Throttled(UUID.randomUUID().toString());
  }

  private static InvocationResult deliverTwice(Delivering event) throws InterruptedException {
    Thread.ofVirtual()
        .name("chaos-duplicate")
        .start(
            () -> {
              try {
                var _ = event.from(Source.DUPLICATE);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    return event.from(Source.MAPPING);
  }

  private static SendMessageResponse noReplyAfter(Supplier<SendMessageResponse> send) {
    var _ = send.get();
    return noReply();
  }

  private static SendMessageResponse noReply() {
    throw SdkClientException.create("No reply from the queue, on command");
  }
}
