package dev.utsushi.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.Punctuality;
import dev.utsushi.loadtest.measurement.Punctuality.Bottleneck;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadGeneratorTest {
  private static final int WRITES = 50;

  private final LongSupplier nanos = clock();

  @Test
  void aTableThatDoesNotAnswerDelaysNoWrite() throws InterruptedException {
    WritePlan plan = plan("uniform:1000000");
    var recorder = new RunRecorder(plan, nanos);
    var all = new CountDownLatch(plan.size());
    Consumer<PlannedWrite> standing =
        _ -> {
          all.countDown();
          await(all);
        };
    try (var generator = new LoadGenerator(recorder, standing)) {
      // No write is acknowledged before the last is sent: a closed loop would never send it.
      generator.run();
    }
    assertThat(recorder.count(Moment.ACKNOWLEDGED)).isEqualTo(WRITES);
    assertThat(recorder.failedCount()).isZero();
  }

  @Test
  void noWriteStartsBeforeItsTime() throws InterruptedException {
    WritePlan plan = plan("uniform:1000000");
    var recorder = new RunRecorder(plan, nanos);
    try (var generator = new LoadGenerator(recorder, _ -> {})) {
      generator.run();
    }
    for (int i = 0; i < WRITES; i++) {
      assertThat(recorder.at(Moment.SENT, i))
          .isGreaterThanOrEqualTo(plan.write(i).scheduledNanos());
    }
  }

  @Test
  void writesToAnItemRunOneAtATimeInOrder() throws InterruptedException {
    WritePlan plan = plan("uniform:1");
    var atOnce = new AtomicInteger();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    Consumer<PlannedWrite> target =
        write -> {
          assertThat(atOnce.incrementAndGet()).isEqualTo(1);
          order.add(write.number());
          atOnce.decrementAndGet();
        };
    var recorder = new RunRecorder(plan, nanos);
    try (var generator = new LoadGenerator(recorder, target)) {
      generator.run();
      assertThat(generator.firstFailure()).isNull();
    }
    assertThat(order).hasSize(WRITES).isSorted();
  }

  @Test
  void aFailedWriteIsCountedAndDelaysNoOther() throws InterruptedException {
    WritePlan plan = plan("uniform:1");
    var recorder = new RunRecorder(plan, nanos);
    Consumer<PlannedWrite> target =
        write -> {
          if (write.number() % 2 == 0) {
            throw new IllegalStateException("refused");
          }
        };
    try (var generator = new LoadGenerator(recorder, target)) {
      generator.run();
      assertThat(generator.firstFailure()).hasMessage("refused");
    }
    assertThat(recorder.count(Moment.ACKNOWLEDGED)).isEqualTo(WRITES / 2);
    assertThat(recorder.failedCount()).isEqualTo(WRITES / 2);
    assertThat(punctuality(recorder).bottleneck()).isNotEqualTo(Bottleneck.NONE);
  }

  @Test
  void theStageThatWasLateIsNamed() {
    WritePlan plan = plan("uniform:1000000");
    assertThat(bottleneck(plan, 5, 5, 5)).isEqualTo(Bottleneck.NONE);
    assertThat(bottleneck(plan, 500, 5, 5)).isEqualTo(Bottleneck.GENERATOR);
    assertThat(bottleneck(plan, 5, 500, 5)).isEqualTo(Bottleneck.TABLE);
    assertThat(bottleneck(plan, 5, 5, 500)).isEqualTo(Bottleneck.TABLE);
    assertThat(bottleneck(plan, 500, 500, 500)).isEqualTo(Bottleneck.GENERATOR);
  }

  private static Punctuality punctuality(RunRecorder recorder) {
    return LoadMeasurement.of(recorder, 0).punctuality();
  }

  private Bottleneck bottleneck(WritePlan plan, int dispatch, int waiting, int table) {
    var recorder = new RunRecorder(plan, nanos);
    for (int i = 0; i < plan.size(); i++) {
      long at = plan.write(i).scheduledNanos() + millis(dispatch);
      recorder.record(Moment.DISPATCHED, i, at);
      recorder.record(Moment.SENT, i, at + millis(waiting));
      recorder.record(Moment.ACKNOWLEDGED, i, at + millis(waiting + table));
    }
    return punctuality(recorder).bottleneck();
  }

  private static long millis(int millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LongSupplier clock() {
    long start = System.nanoTime();
    return () -> System.nanoTime() - start;
  }

  private static WritePlan plan(String keys) {
    return new Traffic(
            ArrivalProfile.steady(WRITES * 5.0, Duration.ofMillis(200)),
            ArrivalPattern.CONSTANT,
            KeyDistribution.parse(keys),
            new WriteMix(1, 0, 0),
            ItemSize.DEFAULT,
            1)
        .plan();
  }
}
