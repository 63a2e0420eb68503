package dev.utsushi.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenRecordsTest {
  private final OpenRecords progress = new OpenRecords();

  @Test
  void aCheckpointNeverPassesAnOpenRecord() {
    OpenRecord first = add("1");
    OpenRecord second = add("2");
    OpenRecord third = add("3");
    progress.settle(List.of(second));
    assertThat(progress.settledUpTo()).isNull();
    progress.settle(List.of(first));
    assertThat(progress.settledUpTo()).isEqualTo("2");
    assertThat(progress.count()).isEqualTo(1);
    progress.settle(List.of(third));
    assertThat(progress.settledUpTo()).isEqualTo("3");
    assertThat(progress.oldestArrival()).isNull();
  }

  @Test
  void thereIsNoRoomBeyondTheBounds() throws InterruptedException {
    assertThat(progress.awaitRoom(1)).isTrue();
    OpenRecord large = Records.open("1", "a", 64L * 1024 * 1024);
    progress.add(large);
    assertThat(progress.awaitRoom(1)).isFalse();
    assertThat(progress.awaitEmpty(1)).isFalse();
    progress.settle(List.of(large));
    assertThat(progress.awaitRoom(1)).isTrue();
    assertThat(progress.awaitEmpty(1)).isTrue();
  }

  @Test
  void theMetricsSayHowOldTheOldestOpenRecordIs() {
    var metrics = new WorkerMetrics(() -> Records.ARRIVED_AT.plusSeconds(7));
    metrics.opened("shard-1", progress);
    add("1");
    metrics.attempted(4);
    assertThat(metrics.iteratorAge()).isEqualTo(Duration.ofSeconds(7));
    assertThat(metrics.text().lines())
        .contains(
            "utsushi_worker_record_attempts_total 4",
            "utsushi_worker_shards 1",
            "utsushi_worker_open_records{shard=\"shard-1\"} 1",
            "utsushi_worker_iterator_age_seconds{shard=\"shard-1\"} 7.000");
  }

  @Test
  void waitsDoubleUpToABound() {
    assertThat(WriteLane.waitAfter(1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(WriteLane.waitAfter(3)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
    assertThat(WriteLane.waitAfter(9_999)).isLessThan(Duration.ofSeconds(60));
  }

  private OpenRecord add(String number) {
    OpenRecord added = Records.open(number, "a", 10);
    progress.add(added);
    return added;
  }

  @Test
  void changesOfAnItemHaveOneLane() {
    for (int i = 0; i < 100; i++) {
      assertThat(Records.open("2", "item-" + i, 1).laneOf(10))
          .isBetween(0, 9)
          .isEqualTo(Records.open("1", "item-" + i, 1).laneOf(10));
    }
  }
}
