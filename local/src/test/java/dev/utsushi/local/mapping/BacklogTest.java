package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.mapping.MappingContext.Backlog;
import dev.utsushi.local.stream.Checkpoint;
import dev.utsushi.local.stream.Records;
import dev.utsushi.local.stream.ShardProgress;
import org.junit.jupiter.api.Test;

class BacklogTest {

  @Test
  void everyLaneHasRoomForABatchInFlightAndOneWaiting() {
    var largest =
        EventSourceMappingSettings.defaults().withBatchSize(10_000).withParallelizationFactor(10);
    assertThat(Backlog.of(largest).records()).isEqualTo(2 * 10 * 10_000);
    assertThat(Backlog.of(largest).bytes()).isEqualTo(2L * 10 * RecordBatch.MAXIMUM_BYTES);
  }

  @Test
  void aSmallBatchSizeKeepsTheLeastBacklog() {
    assertThat(Backlog.of(EventSourceMappingSettings.defaults().withBatchSize(1)))
        .isEqualTo(new Backlog(10_000, 64 * 1024 * 1024));
  }

  @Test
  void itIsFullByRecordsOrByBytes() {
    var progress = new ShardProgress(Checkpoint.After.BEGINNING, 1);
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
