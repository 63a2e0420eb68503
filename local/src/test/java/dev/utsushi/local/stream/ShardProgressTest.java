package dev.utsushi.local.stream;

import static dev.utsushi.local.stream.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardProgressTest {

  /** The lane of records 3 and 8, of two; 4, 5 and 11 are in the other one. */
  private static final int STUCK = record(3).laneOf(2);

  private final ShardProgress progress = new ShardProgress(Checkpoint.After.BEGINNING, 2);

  @Test
  void theCheckpointWaitsForTheOldestUnsettledRecord() {
    read(3, 4, 5, 8, 11);
    settle(4, 5);
    assertThat(progress.checkpoint().number()).isEqualTo(SequenceNumber.BEGINNING);
    settle(3);
    assertThat(progress.checkpoint().number().digits()).isEqualTo("5");
    settle(8, 11);
    assertThat(progress.checkpoint().number().digits()).isEqualTo("11");
    assertThat(progress.openRecords()).isZero();
    assertThat(progress.openBytes()).isZero();
  }

  @Test
  void aLaneIsAheadOfOneThatIsStuck() {
    read(3, 4, 5, 8, 11);
    settle(4, 5, 11);
    Checkpoint.After marks = progress.checkpoint();
    assertThat(List.of(4, 5, 11)).allMatch(n -> marks.settled(record(n)));
    assertThat(List.of(3, 8)).noneMatch(n -> marks.settled(record(n)));
    settle(3);
    Checkpoint.After later = progress.checkpoint();
    assertThat(later.settled(record(3))).isTrue();
    assertThat(later.settled(record(8))).isFalse();
  }

  @Test
  void skippedRecordsNeedNoLaneAndDoNotOvertakeOne() {
    read(3);
    progress.passOver(record(4));
    assertThat(progress.checkpoint().number()).isEqualTo(SequenceNumber.BEGINNING);
    settle(3);
    assertThat(progress.checkpoint().number().digits()).isEqualTo("4");
  }

  @Test
  void aLaneStaysAheadWhileTheShardIsReadAgain() {
    read(3, 4, 5);
    settle(4, 5);
    Checkpoint.After before = progress.checkpoint();
    var restarted = new ShardProgress(before, 2);
    restarted.read(record(3));
    Checkpoint.After marks = restarted.checkpoint();
    assertThat(marks.settled(record(5))).isTrue();
    assertThat(marks.settled(record(3))).isFalse();
  }

  @Test
  void settlingTwiceIsABug() {
    read(1);
    settle(1);
    assertThatThrownBy(() -> settle(1)).isInstanceOf(IllegalStateException.class);
  }

  /**
   * A mapping that crashes at any moment and restarts from its checkpoint settles every record,
   * with the same number of lanes or another; with the same number no settled record is repeated.
   */
  @Test
  void crashesLoseNothingAndRepeatNothingThatALaneHadSettled() {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      boolean sameLanes = random.nextBoolean();
      var history = new History(random, sameLanes);
      assertThat(history.settled).as("seed %d", seed).hasSize(History.RECORDS);
      if (sameLanes) {
        assertThat(history.repeated).as("seed %d", seed).isEmpty();
      }
    }
  }

  private static final class History {
    private static final int RECORDS = 30;
    private final Set<Integer> settled = new HashSet<>();
    private final Set<Integer> repeated = new HashSet<>();

    private History(Random random, boolean sameLanes) {
      Checkpoint.After checkpoint = Checkpoint.After.BEGINNING;
      for (int life = 0; settled.size() < RECORDS || life == 0; life++) {
        int lanes = sameLanes ? 4 : 1 + random.nextInt(10);
        checkpoint = live(random, checkpoint, lanes);
        assertThat(life).isLessThan(10_000);
      }
    }

    /** Reads some records from the checkpoint and settles some of each lane, up to a crash. */
    private Checkpoint.After live(Random random, Checkpoint.After start, int lanes) {
      var progress = new ShardProgress(start, lanes);
      boolean[] stuck = new boolean[lanes];
      int from = Integer.parseInt(start.number().digits()) + 1;
      int to = Math.min(RECORDS, from + random.nextInt(10));
      for (int n = from; n <= to; n++) {
        PolledRecord record = record(n);
        if (start.settled(record)) {
          assertThat(settled).contains(n);
          progress.passOver(record);
          continue;
        }
        progress.read(record);
        int lane = record.laneOf(lanes);
        stuck[lane] |= random.nextInt(3) == 0;
        if (!stuck[lane]) {
          progress.settle(List.of(record));
          if (!settled.add(n)) {
            repeated.add(n);
          }
        }
      }
      return progress.checkpoint();
    }
  }

  @Test
  void theRecordsOfThisTestUseTwoLanes() {
    assertThat(IntStream.of(3, 4, 5, 8, 11).map(n -> record(n).laneOf(2)).boxed())
        .containsExactly(STUCK, 1 - STUCK, 1 - STUCK, STUCK, 1 - STUCK);
  }

  private void read(int... numbers) {
    Arrays.stream(numbers).forEach(n -> progress.read(record(n)));
  }

  private void settle(int... numbers) {
    progress.settle(Arrays.stream(numbers).mapToObj(Records::record).toList());
  }
}
