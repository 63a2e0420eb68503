package dev.utsushi.local.mapping;

import static dev.utsushi.local.mapping.Records.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShardProgressTest {

  private final ShardProgress progress = new ShardProgress();

  @Test
  void theCheckpointWaitsForTheOldestUnsettledRecord() {
    records(1, 4).forEach(record -> progress.read(record.sequenceNumber()));
    assertThat(progress.settle(records(2, 3))).isEmpty();
    assertThat(progress.settle(records(1, 1))).contains("3");
    assertThat(progress.open()).isEqualTo(1);
    assertThat(progress.settle(records(4, 4))).contains("4");
    assertThat(progress.open()).isZero();
  }

  @Test
  void settlingTwiceIsABug() {
    progress.read("1");
    assertThat(progress.settle(records(1, 1))).contains("1");
    assertThatThrownBy(() -> progress.settle(records(1, 1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
