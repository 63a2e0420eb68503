package dev.utsushi.loadtest.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadMeasurementTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SECONDS = 10;

  @Test
  void aPipelineThatKeepsUpIsReportedAsThat() {
    LoadMeasurement measured = new MadeUpRun(20, SECONDS).index(40).measurement();

    assertThat(measured.backlog().fallingBehind()).isFalse();
    assertThat(measured.indexed().percentile(50)).isBetween(millis(130), millis(150));
    assertThat(measured.searchable().percentile(50)).isBetween(millis(330), millis(350));
    assertThat(measured.busiestLane()).isCloseTo(0.8, within(0.02));
    assertThat(measured.lanes().get(1).share()).isZero();
    assertThat(measured.invocationTime().max()).isBetween(millis(39), millis(41));
    assertThat(measured.missing()).isZero();
  }

  @Test
  void aPipelineThatFallsBehindIsReportedWithEveryLag() {
    LoadMeasurement measured = new MadeUpRun(50, SECONDS).index(40).measurement();

    assertThat(measured.backlog().fallingBehind()).isTrue();
    // 25 invocations per second leave half of 50 changes behind.
    assertThat(measured.backlog().growthPerSecond()).isCloseTo(25, within(2.0));
    assertThat(measured.backlog().changes()).isCloseTo(250, within(10));
    assertThat(measured.backlog().most()).isBetween(measured.backlog().changes(), 260);
    assertThat(measured.indexed().count()).isEqualTo(500);
    // The last write was sent at 10 s, and was the 500th of 40 ms each.
    assertThat(measured.indexed().max()).isBetween(Duration.ofSeconds(10), millis(10_300));
    assertThat(measured.iteratorAge()).isBetween(Duration.ofSeconds(10), millis(10_300));
    assertThat(measured.busiestLane()).isGreaterThan(0.97);
  }

  @Test
  void aPipelineThatFallsBehindIsReportedAsThatWhenTheTestIsInterrupted() {
    var run = new MadeUpRun(50, SECONDS);
    Duration interruption = millis(6_100);
    long end = 0;
    for (int i = 0; end < interruption.toNanos(); i++) {
      long start = Math.max(end, run.recorder().at(Moment.SENT, i) + millis(100).toNanos());
      end = start + millis(40).toNanos();
      run.recorder().invoked(0, List.of(i), 1, start, end);
    }
    run.at(interruption);

    assertThat(run.measurement().backlog().fallingBehind()).isTrue();
  }

  @Test
  void theTimelineAddsUpAndALagCountsInTheSecondOfItsWrite() {
    LoadMeasurement measured = new MadeUpRun(50, SECONDS).index(40).measurement();
    List<Second> seconds = measured.seconds();

    assertThat(seconds).hasSize(21);
    assertThat(seconds.stream().mapToInt(Second::planned).sum()).isEqualTo(500);
    assertThat(seconds.stream().mapToInt(Second::acknowledged).sum()).isEqualTo(500);
    assertThat(seconds.stream().mapToInt(Second::indexed).sum()).isEqualTo(500);
    assertThat(seconds.stream().mapToInt(Second::lagged).sum()).isEqualTo(500);
    assertThat(seconds.getLast().behind()).isZero();
    assertThat(seconds.get(9).max()).isGreaterThan(Duration.ofSeconds(9));
    assertThat(seconds.get(15).lagged()).isZero();
    assertThat(seconds.get(15).indexed()).isEqualTo(25);
    for (Second second : seconds) {
      assertThat(second.p50()).isLessThanOrEqualTo(second.p99());
      assertThat(second.p99()).isLessThanOrEqualTo(second.max());
    }
  }

  @Test
  void aPercentileOfASecondIsTheLeastLagThatThePercentageDoesNotExceed() {
    var run = new MadeUpRun(100, 1);
    for (int i = 0; i < 100; i++) {
      run.at(Duration.ofMillis(10L * i + i + 1).plusNanos(10));
      run.indexed(i);
    }
    Second second = run.measurement().seconds().getFirst();
    assertThat(second.p50().toMillis()).isEqualTo(50);
    assertThat(second.p99().toMillis()).isEqualTo(99);
    assertThat(second.max().toMillis()).isEqualTo(100);
  }

  @Test
  void aRemovalBelongsToItsDeletionAndARedeliveryCountsOnce() {
    var run = new MadeUpRun(50, SECONDS);
    int deletion = 0;
    while (run.traffic().plan().write(deletion).operation() != Operation.DELETE) {
      deletion++;
    }
    int before = 0;
    while (run.traffic().plan().deletedBy(before) != deletion) {
      before++;
    }
    // The stream record of a removal has the item as the previous write left it.
    int removal = run.recorder().writeOf(before, true);
    assertThat(removal).isEqualTo(deletion);
    assertThat(run.recorder().writeOf(before, false)).isEqualTo(before);
    run.at(Duration.ofSeconds(20));
    run.indexed(removal);
    run.at(Duration.ofSeconds(30));
    run.indexed(removal);
    run.recorder()
        .invoked(
            0, List.of(run.recorder().writeOf(-5, false)), 1, 0, Duration.ofSeconds(30).toNanos());

    assertThat(run.recorder().count(Moment.INDEXED)).isEqualTo(1);
    assertThat(run.recorder().at(Moment.INDEXED, deletion))
        .isEqualTo(Duration.ofSeconds(20).toNanos());
    assertThat(run.measurement().missing()).isEqualTo(499);
  }

  @Test
  void aRunThatIsInterruptedAtOnceHasAResult() {
    var run = new MadeUpRun(50, SECONDS);
    run.at(Duration.ofMillis(300));
    LoadMeasurement measured = run.measurement();

    assertThat(measured.traffic()).isEqualTo(Duration.ofMillis(300));
    assertThat(measured.invocation()).isEmpty();
    assertThat(measured.backlog().fallingBehind()).isFalse();
  }

  @Test
  void theSampleHasNeitherDeletionsNorWritesThatAreDeletedNext() {
    var plan = new MadeUpRun(100, SECONDS).traffic().plan();
    List<Integer> sample = SearchableProbe.sampleOf(plan);

    assertThat(sample).hasSizeBetween(120, 200);
    for (int write : sample) {
      assertThat(plan.write(write).operation()).isNotEqualTo(Operation.DELETE);
      assertThat(plan.deletedBy(write)).isNegative();
    }
  }

  @Test
  void findingALaterWriteOfAnItemCountsForAnEarlierOne() throws InterruptedException {
    var run = new MadeUpRun(20, 2).index(40);
    var plan = run.traffic().plan();
    SearchableProbe.ItemReader found =
        items -> {
          Map<Integer, Integer> newest = new HashMap<>();
          items.forEach(item -> newest.put(item, plan.size()));
          return newest;
        };
    try (var probe = probe(run.recorder(), found)) {
      probe.start();
      await().atMost(PATIENCE).until(() -> probe.left() == 0);
    }
  }

  @Test
  void aChangeThatIsDeletedBeforeASearchFindsItIsNotMissing() throws InterruptedException {
    var run = new MadeUpRun(20, 9);
    RunRecorder recorder = run.recorder();
    WritePlan plan = run.traffic().plan();
    run.at(Duration.ofSeconds(21));
    IntStream.range(0, plan.size()).forEach(run::indexed);
    List<Integer> sample = SearchableProbe.sampleOf(plan);
    long deleted = sample.stream().filter(recorder::isDeletedSince).count();
    assertThat(deleted).isPositive();
    try (var probe = probe(recorder, items -> Map.of())) {
      probe.start();
      await().atMost(PATIENCE).until(() -> probe.left() == sample.size() - deleted);
      run.at(Duration.ofMinutes(2));
      await().atMost(PATIENCE).until(() -> probe.left() == 0);
    }
    assertThat(sample)
        .allMatch(write -> recorder.at(Moment.FOUND, write) < 0 == recorder.isDeletedSince(write));
    assertThat(run.measurement().notFound()).isEqualTo(sample.size() - deleted);
  }

  @Test
  void anItemThatIsInsertedAgainExistsAgain() {
    var run = new MadeUpRun(50, SECONDS);
    WritePlan plan = run.traffic().plan();
    int write = 0;
    while (plan.deletedBy(write) < 0 || plan.next(plan.deletedBy(write)) < 0) {
      write++;
    }
    int deletion = plan.deletedBy(write);
    run.at(Duration.ofSeconds(20));
    run.indexed(write);
    assertThat(run.recorder().isDeletedSince(write)).isFalse();
    run.indexed(deletion);
    assertThat(run.recorder().isDeletedSince(write)).isTrue();
    run.indexed(plan.next(deletion));
    assertThat(run.recorder().isDeletedSince(write)).isFalse();
  }

  private static SearchableProbe probe(RunRecorder recorder, SearchableProbe.ItemReader reader) {
    return new SearchableProbe(recorder, reader, Moment.INDEXED, Duration.ofSeconds(30));
  }

  private static Duration millis(int millis) {
    return Duration.ofMillis(millis);
  }
}
