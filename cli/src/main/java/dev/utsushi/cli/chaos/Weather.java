package dev.utsushi.cli.chaos;

import dev.utsushi.cli.chaos.FaultKind.Lane;
import dev.utsushi.local.proxy.ProxyAction.Moment;
import dev.utsushi.testbed.search.SearchException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets a storm loose on a pipeline, each lane on a thread of its own. */
final class Weather {
  /** A fault that waits for something to hit waits no longer than this. */
  private static final Duration LONGEST_WAIT_FOR_A_HIT = Duration.ofSeconds(8);

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration REARMING = Duration.ofMillis(250);
  private static final int ENGINE_TRIES = 50;
  private static final Map<FaultKind, Moment> KILLS =
      Map.of(
          FaultKind.KILL_BEFORE, Moment.ARRIVED,
          FaultKind.KILL_DURING, Moment.FORWARDED,
          FaultKind.KILL_AFTER, Moment.DONE,
          FaultKind.KILL_ANSWERED, Moment.ANSWERED);

  private final Pipeline pipeline;
  private final Redelivery redelivery;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  Weather(Pipeline pipeline) {
    this.pipeline = pipeline;
    this.redelivery = new Redelivery(pipeline.accounts, pipeline.deliveries, pipeline.faults);
  }

  /**
   * Returns when the storm is over and everything stands again.
   *
   * @throws ChaosException if a fault could not be brought about
   */
  void blow(Storm storm) throws InterruptedException {
    Instant start = pipeline.clock.instant();
    List<Thread> lanes = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      List<Strike> strikes = storm.lanes().getOrDefault(lane, List.of());
      lanes.add(Thread.ofVirtual().name("chaos-" + lane).start(() -> run(strikes, start)));
    }
    try {
      for (Thread lane : lanes) {
        lane.join();
      }
    } finally {
      for (Thread lane : lanes) {
        lane.interrupt();
        lane.join();
      }
      pipeline.lineFaults.disarm();
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new ChaosException("a fault could not be brought about: " + failed, failed);
    }
  }

  private void run(List<Strike> strikes, Instant start) {
    try {
      for (Strike strike : strikes) {
        sleepUntil(start.plus(strike.at()));
        strike(strike);
      }
    } catch (InterruptedException _) {
      // The run is called off.
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void strike(Strike strike) throws InterruptedException {
    switch (strike.kind()) {
      case TOO_MANY_REQUESTS,
          UNAVAILABLE,
          REFUSED,
          HANG,
          DROP_BEFORE,
          LOSE_ANSWER,
          TRUNCATE,
          DELAY,
          STRAND ->
          lasting(strike, until -> pipeline.lineFaults.arm(strike.kind(), until));
      case ENGINE_RESTART -> restartEngine(strike);
      case WRITE_BLOCK -> blockWrites(strike);
      case KILL_BEFORE, KILL_DURING, KILL_AFTER, KILL_ANSWERED -> kill(strike.kind());
      case THROTTLE -> lasting(strike, pipeline.deliveries::throttleUntil);
      case DUPLICATE -> lasting(strike, pipeline.deliveries::doubleUntil);
      case REDELIVER -> redelivery.run(strike.seed());
      case ROLL_OVER -> {
        pipeline.servers().dynamoDb().rollOverShards();
        pipeline.faults.happened(strike.kind(), "");
      }
      case REENABLE -> pipeline.writer.whileNobodyWrites(this::reenable);
      case OLD_CHECKPOINT -> {
        pipeline.mappings.restartFromOldCheckpoint(pipeline.truth.streamArns(), strike.seed());
        pipeline.faults.happened(strike.kind(), "");
      }
      case QUEUE_DOWN -> {
        pipeline.queue.refuse(3);
        awaitHit(strike.kind());
      }
      case QUEUE_ANSWER_LOST -> {
        pipeline.queue.loseAnswers(1);
        awaitHit(strike.kind());
      }
    }
  }

  /** Lasts its time, and longer if nothing came by to be hit. */
  private void lasting(Strike strike, Consumer<Instant> until) throws InterruptedException {
    until.accept(pipeline.clock.instant().plus(LONGEST_WAIT_FOR_A_HIT));
    awaitHit(strike.kind());
    Thread.sleep(strike.length());
    until.accept(Instant.MIN);
  }

  /** Armed anew all the while: a request that the engine does not answer never comes so far. */
  private void kill(FaultKind kind) throws InterruptedException {
    long before = pipeline.faults.count(kind);
    Instant end = pipeline.clock.instant().plus(LONGEST_WAIT_FOR_A_HIT);
    while (pipeline.faults.count(kind) == before && pipeline.clock.instant().isBefore(end)) {
      pipeline.lineFaults.armKill(Objects.requireNonNull(KILLS.get(kind)));
      Thread.sleep(REARMING);
    }
    pipeline.lineFaults.disarmKill();
  }

  private void restartEngine(Strike strike) throws InterruptedException {
    pipeline.faults.happened(strike.kind(), "");
    pipeline.servers().search().stop();
    try {
      Thread.sleep(strike.length());
    } finally {
      pipeline.servers().search().restart();
      pipeline.journal.fault("engine is up again");
    }
  }

  private void blockWrites(Strike strike) throws InterruptedException {
    setWriteBlock("true");
    pipeline.faults.happened(strike.kind(), "");
    try {
      Thread.sleep(strike.length());
    } finally {
      setWriteBlock("null");
      pipeline.journal.fault("index takes writes again");
    }
  }

  /** An engine that has just started may not have its index yet. */
  private void setWriteBlock(String value) throws InterruptedException {
    String path = "/" + Pipeline.READER_ALIAS + "-write/_settings";
    String body = "{\"index.blocks.write\":%s}".formatted(value);
    for (int tries = 1; ; tries++) {
      try {
        pipeline.search.send("PUT", path, body);
        return;
      } catch (SearchException e) {
        if (tries == ENGINE_TRIES) {
          throw e;
        }
        Thread.sleep(SHORT.multipliedBy(5));
      }
    }
  }

  private void reenable() {
    String streamArn = pipeline.table.switchStreamOffAndOn();
    pipeline.truth.add(streamArn);
    pipeline.mappings.start(streamArn);
    pipeline.faults.happened(FaultKind.REENABLE, "");
  }

  private void awaitHit(FaultKind kind) throws InterruptedException {
    long before = pipeline.faults.count(kind);
    Instant end = pipeline.clock.instant().plus(LONGEST_WAIT_FOR_A_HIT);
    while (pipeline.faults.count(kind) == before && pipeline.clock.instant().isBefore(end)) {
      Thread.sleep(SHORT);
    }
  }

  private void sleepUntil(Instant moment) throws InterruptedException {
    Thread.sleep(Duration.between(pipeline.clock.instant(), moment));
  }
}
