package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogTest {

  private static final Checkpoint.After BEGINNING = new Checkpoint.After(Checkpoint.BEGINNING);

  @Test
  void everyLaneHasRoomForABatchAtTheFunctionAndOneWaiting() {
    var largest =
        EventSourceMappingSettings.defaults().withBatchSize(10_000).withParallelizationFactor(10);
    assertThat(Backlog.of(largest).records()).isEqualTo(2 * 10 * 10_000);
    assertThat(Backlog.of(largest).bytes()).isEqualTo(2L * 10 * Batch.MAXIMUM_BYTES);
  }

  @Test
  void aSmallBatchSizeDoesNotMakeItSmall() {
    assertThat(Backlog.of(EventSourceMappingSettings.defaults().withBatchSize(1)))
        .isEqualTo(new Backlog(10_000, 64 * 1024 * 1024));
  }

  @Test
  void itIsFullByRecordsOrByBytes() {
    var progress = new ShardProgress(BEGINNING, 1);
    var backlog = new Backlog(2, 100);
    progress.read(Records.ofBytes(1, 99));
    assertThat(backlog.isFull(progress)).isFalse();
    progress.read(Records.ofBytes(2, 0));
    assertThat(backlog.isFull(progress)).isTrue();
    progress.settle(Records.records(1, 2));
    progress.read(Records.ofBytes(3, 100));
    assertThat(backlog.isFull(progress)).isTrue();
  }
}
