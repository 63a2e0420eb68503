package dev.utsushi.cli.chaos;

import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyAction.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What happens to the requests between function and engine just now. */
final class LineFaults implements Function<FaultProxy.Request, ProxyAction> {
  private static final Duration SLOW = Duration.ofMillis(150);

  /** Longer than an invocation may take, so that a stranded write meets later ones. */
  private static final Duration STRANDED = Duration.ofMillis(1_500);

  /** Longer than an invocation: its own time-out has to end the wait. */
  private static final Duration HANGING = Duration.ofSeconds(7);

  private static final Map<FaultKind, Integer> MOST_HITS =
      Map.of(
          FaultKind.HANG, 1,
          FaultKind.DROP_BEFORE, 6,
          FaultKind.LOSE_ANSWER, 6,
          FaultKind.TRUNCATE, 6,
          FaultKind.STRAND, 6);

  private static final String BUSY =
      "{\"error\":{\"type\":\"rejected_execution_exception\"},\"status\":%d}";
  private static final String FORBIDDEN =
      "{\"error\":{\"type\":\"security_exception\"},\"status\":403}";

  /**
   * A fault that waits for requests.
   *
   * @param hits how many more it hits
   */
  private record Armed(FaultKind kind, Instant until, int hits) {}

  private final AtomicReference<@Nullable Armed> line = new AtomicReference<>();
  private final AtomicReference<@Nullable Moment> kill = new AtomicReference<>();
  private final IntSupplier killer;
  private final FaultCounts faults;
  private final InstantSource clock;

  /**
   * @param killer kills every JVM of the function and says how many there were
   */
  LineFaults(IntSupplier killer, FaultCounts faults, InstantSource clock) {
    this.killer = killer;
    this.faults = faults;
    this.clock = clock;
  }

  void arm(FaultKind kind, Instant until) {
    line.set(new Armed(kind, until, mostHits(kind)));
  }

  /** The next write kills the function at that moment. */
  void armKill(Moment moment) {
    kill.set(moment);
  }

  void disarmKill() {
    kill.set(null);
  }

  void disarm() {
    line.set(null);
    disarmKill();
  }

  @Override
  public ProxyAction apply(FaultProxy.Request request) {
    if (BulkWrite.isBulk(request)) {
      Moment moment = kill.getAndSet(null);
      if (moment != null) {
        return new ProxyAction.Interrupt(moment, () -> kill(moment));
      }
    }
    Armed armed = line.getAndUpdate(this::afterHit);
    if (armed == null || !clock.instant().isBefore(armed.until()) || armed.hits() == 0) {
      return new ProxyAction.Forward();
    }
    faults.happened(armed.kind(), "request " + request.number());
    return fault(armed);
  }

  private @Nullable Armed afterHit(@Nullable Armed armed) {
    return armed == null
        ? null
        : new Armed(armed.kind(), armed.until(), Math.max(0, armed.hits() - 1));
  }

  private void kill(Moment moment) {
    int killed = killer.getAsInt();
    if (killed > 0) {
      faults.happened(kind(moment), killed + " JVMs");
    }
  }

  private ProxyAction fault(Armed armed) {
    return switch (armed.kind()) {
      case TOO_MANY_REQUESTS -> new ProxyAction.Answer(429, BUSY.formatted(429));
      case UNAVAILABLE -> new ProxyAction.Answer(503, BUSY.formatted(503));
      case REFUSED -> new ProxyAction.Answer(403, FORBIDDEN);
      case HANG -> new ProxyAction.Hang(HANGING);
      case DROP_BEFORE -> new ProxyAction.DropBefore();
      case LOSE_ANSWER -> new ProxyAction.LoseAnswer();
      case TRUNCATE -> new ProxyAction.Truncate();
      case DELAY -> new ProxyAction.Delay(SLOW);
      case STRAND -> new ProxyAction.Strand(STRANDED);
      case ENGINE_RESTART,
          WRITE_BLOCK,
          KILL_BEFORE,
          KILL_DURING,
          KILL_AFTER,
          KILL_ANSWERED,
          THROTTLE,
          DUPLICATE,
          REDELIVER,
          ROLL_OVER,
          REENABLE,
          OLD_CHECKPOINT,
          QUEUE_DOWN,
          QUEUE_ANSWER_LOST ->
          throw new IllegalArgumentException(armed.kind() + " is not of the line");
    };
  }

  /**
   * A client that meets nothing but dropped connections tries as fast as it may: enough is enough.
   */
  private static int mostHits(FaultKind kind) {
    return MOST_HITS.getOrDefault(kind, Integer.MAX_VALUE);
  }

  private static FaultKind kind(Moment moment) {
    return switch (moment) {
      case ARRIVED -> FaultKind.KILL_BEFORE;
      case FORWARDED -> FaultKind.KILL_DURING;
      case DONE -> FaultKind.KILL_AFTER;
      case ANSWERED -> FaultKind.KILL_ANSWERED;
    };
  }
}
