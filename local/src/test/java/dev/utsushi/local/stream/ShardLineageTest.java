package dev.utsushi.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.Shard;

class ShardLineageTest {

  private static final Shard PARENT = shard("p", "gone", "9");
  private static final Shard LEFT = shard("l", "p", "19");
  private static final Shard RIGHT = shard("r", "p", null);
  private static final Shard GRANDCHILD = shard("g", "l", null);

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

  private static Shard shard(String id, String parent, @Nullable String end) {
    return Shard.builder()
        .shardId(id)
        .parentShardId(parent)
        .sequenceNumberRange(range -> range.startingSequenceNumber("1").endingSequenceNumber(end))
        .build();
  }
}
