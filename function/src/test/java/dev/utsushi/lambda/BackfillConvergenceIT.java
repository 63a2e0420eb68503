package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.IndexRebuild;
import dev.utsushi.core.record.SdkRecords;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.run.SegmentWorker.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A backfill and a rebuild beside live traffic: items are written and deleted while a page is on
 * its way, and the stream delivers late, doubled and out of order. In the end the index is the
 * table.
 *
 * <p>A failure names its seed; {@code -Dutsushi.seed=…} brings it back.
 */
final class BackfillConvergenceIT {
  private static final int KEYS = 40;
  private static final int SEGMENTS = 12;

  private final Random random = new Random(seed());
  private final RunWorld world = new RunWorld(SharedServers.dynamoDb(), Engines.openSearch());
  private final Replication replication = world.replication();
  private final List<StreamRecord> undelivered = new ArrayList<>();
  private final List<StreamRecord> delivered = new ArrayList<>();
  private int changes;

  private static long seed() {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    System.out.println("BackfillConvergenceIT with seed " + seed);
    return seed;
  }

  @Test
  void theIndexIsTheTable() {
    for (int i = 0; i < 3 * KEYS; i++) {
      change();
    }
    // Before the stream was on: nobody will ever deliver these.
    read();
    undelivered.clear();
    for (int runs = 0; runs < 3; runs++) {
      work(world.start(Kind.BACKFILL, SEGMENTS, false), SEGMENTS);
    }
    read();
    Collections.shuffle(undelivered, random);
    replication.replicate(undelivered, RunWorld.deadline());
    assertThat(new LocalIndex(world.index).documents()).isEqualTo(world.table.items());
    Run verified = world.finish(world.start(Kind.VERIFY, SEGMENTS, false));
    assertThat(world.findings(verified)).isEmpty();
  }

  @Test
  void theNewIndexOfARebuildIsTheTable() {
    for (int i = 0; i < 6 * KEYS; i++) {
      live();
    }
    IndexRebuild rebuild = world.rebuild();
    assertThat(rebuild.start(RunWorld.deadline()).cause()).isNull();
    Run run = world.start(Kind.REINDEX, SEGMENTS, true);
    work(run, 2 * SEGMENTS);
    read();
    Collections.shuffle(undelivered, random);
    replication.replicate(undelivered, RunWorld.deadline());
    world.finish(world.store.last().orElseThrow());
    assertThat(world.findings(run)).isEmpty();

    // Whatever comes back now, as from dead letters, is older than what stands in both.
    Collections.shuffle(delivered, random);
    delivered.forEach(late -> replication.replicate(List.of(late), RunWorld.deadline()));
    for (int i = 0; i < 2; i++) {
      assertThat(new LocalIndex(world.index).documents()).isEqualTo(world.table.items());
      assertThat(rebuild.cutOver(RunWorld.deadline()).cause()).isNull();
      assertThat(new LocalIndex(world.index).documents()).isEqualTo(world.table.items());
      Run verified = world.finish(world.start(Kind.VERIFY, SEGMENTS, false));
      assertThat(world.findings(verified)).isEmpty();
      assertThat(rebuild.rollBack(RunWorld.deadline()).cause()).isNull();
    }
  }

  /**
   * Works on the first segments in any order. A page is read, and before it is written, life goes
   * on.
   */
  private void work(Run run, int most) {
    HttpCaller caller =
        call -> {
          for (int i = random.nextInt(6); i > 0; i--) {
            live();
          }
          return new SocketCaller().send(call);
        };
    List<Integer> segments = new ArrayList<>(IntStream.range(0, most).boxed().toList());
    Collections.shuffle(segments, random);
    for (int segment : segments) {
      live();
      assertThat(world.worker(caller).work(new Task(run.id(), segment), RunWorld.deadline()))
          .isInstanceOfAny(Result.Over.class, Result.Begins.class);
    }
  }

  /** A page is read, its item changes, and the change is in the old index when the page looks. */
  @Test
  void aChangeOnItsWayToTheNewIndexIsNotOvertaken() throws Exception {
    world.table.put("deal-1", "before");
    read();
    replication.replicate(undelivered, RunWorld.deadline());
    undelivered.clear();
    assertThat(world.rebuild().start(RunWorld.deadline()).cause()).isNull();
    var inOldIndex = new CountDownLatch(1);
    var pageWritten = new CountDownLatch(1);
    Replication slow =
        world.replication(
            call -> {
              if (call.uri().getPath().endsWith("-write-new/_bulk")) {
                inOldIndex.countDown();
                await(pageWritten);
              }
              return new SocketCaller().send(call);
            });
    List<Thread> deliveries = new ArrayList<>();
    HttpCaller caller =
        call -> {
          if (call.uri().getPath().endsWith("/_mget") && deliveries.isEmpty()) {
            world.table.put("deal-1", "after");
            read();
            deliveries.add(
                Thread.ofPlatform().start(() -> slow.replicate(undelivered, RunWorld.deadline())));
            await(inOldIndex);
          }
          return new SocketCaller().send(call);
        };
    Run run = world.start(Kind.REINDEX, 1, false);
    world.worker(caller).work(new Task(run.id(), 0), RunWorld.deadline());
    pageWritten.countDown();
    deliveries.getFirst().join();
    assertThat(world.rebuild().cutOver(RunWorld.deadline()).cause()).isNull();
    assertThat(new LocalIndex(world.index).documents()).isEqualTo(world.table.items());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void live() {
    if (random.nextBoolean()) {
      change();
    } else {
      deliver();
    }
  }

  private void change() {
    String id = "deal-" + random.nextInt(KEYS);
    if (random.nextInt(3) == 0) {
      world.table.delete(id);
    } else {
      world.table.put(id, "memo " + changes++);
    }
  }

  /** Late, in any order, some twice. */
  private void deliver() {
    read();
    Collections.shuffle(undelivered, random);
    int some = random.nextInt(undelivered.size() + 1);
    List<StreamRecord> batch = new ArrayList<>(undelivered.subList(0, some));
    delivered.addAll(batch);
    undelivered.subList(0, some).clear();
    if (!delivered.isEmpty()) {
      batch.add(delivered.get(random.nextInt(delivered.size())));
    }
    replication.replicate(batch, RunWorld.deadline());
  }

  private final List<String> known = new ArrayList<>();

  private void read() {
    for (var streamed : world.table.streamed()) {
      if (!known.contains(streamed.sequenceNumber())) {
        known.add(streamed.sequenceNumber());
        undelivered.add(SdkRecords.of(streamed.streamRecord(), world.table.stream));
      }
    }
  }
}
