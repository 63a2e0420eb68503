package dev.utsushi.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShardLineageTest {

  private static final StreamShard PARENT = shard("p", "gone", "9");
  private static final StreamShard LEFT = shard("l", "p", "19");
  private static final StreamShard RIGHT = shard("r", "p", null);
  private static final StreamShard GRANDCHILD = shard("g", "l", null);

  private final ShardLineage lineage = new ShardLineage();

  @Test
  void aChildStartsWhenItsParentIsFinishedAndOnce() {
    var shards = List.of(LEFT, PARENT, RIGHT);
    assertThat(lineage.startable(shards)).containsExactly(PARENT);
    assertThat(lineage.startable(shards)).isEmpty();
    lineage.finished("p");
    assertThat(lineage.startable(shards)).containsExactly(LEFT, RIGHT);
    assertThat(lineage.startable(shards)).isEmpty();
  }

  @Test
  void aFinishedShardIsNotReadAgain() {
    lineage.finished("p");
    assertThat(lineage.startable(List.of(PARENT))).isEmpty();
  }

  @Test
  void anUnfinishedParentHoldsUpItsChildrenEvenIfTheStreamHasDroppedIt() {
    assertThat(lineage.startable(List.of(PARENT))).containsExactly(PARENT);
    assertThat(lineage.startable(List.of(LEFT, RIGHT))).isEmpty();
    lineage.finished("p");
    assertThat(lineage.startable(List.of(LEFT, RIGHT))).containsExactly(LEFT, RIGHT);
  }

  @Test
  void aMergedShardWaitsForBothParents() {
    var merged = new StreamShard("m", List.of("l", "r"), Optional.empty());
    var shards = List.of(merged, LEFT, RIGHT);
    assertThat(lineage.startable(shards)).containsExactly(LEFT, RIGHT);
    lineage.finished("l");
    assertThat(lineage.startable(shards)).isEmpty();
    lineage.finished("r");
    assertThat(lineage.startable(shards)).containsExactly(merged);
  }

  @Test
  void eachGenerationWaitsForTheOneBefore() {
    var shards = List.of(GRANDCHILD, RIGHT, LEFT, PARENT);
    assertThat(lineage.startable(shards)).containsExactly(PARENT);
    lineage.finished("p");
    assertThat(lineage.startable(shards)).containsExactlyInAnyOrder(LEFT, RIGHT);
    lineage.finished("l");
    assertThat(lineage.startable(shards)).containsExactly(GRANDCHILD);
    assertThat(lineage.allFinished(shards)).isFalse();
    lineage.finished("r");
    lineage.finished("g");
    assertThat(lineage.allFinished(shards)).isTrue();
  }

  @Test
  void theEndOfAShardIsKnownOnceItIsClosed() {
    lineage.startable(List.of(LEFT, RIGHT));
    assertThat(lineage.end("l")).contains(new SequenceNumber("19"));
    assertThat(lineage.end("r")).isEmpty();
  }

  private static StreamShard shard(String id, String parent, @Nullable String end) {
    return new StreamShard(id, List.of(parent), Optional.ofNullable(end).map(SequenceNumber::new));
  }
}
