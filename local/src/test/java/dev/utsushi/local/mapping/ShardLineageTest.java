package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.Shard;

class ShardLineageTest {

  private static final Shard PARENT = Shard.builder().shardId("p").parentShardId("gone").build();
  private static final Shard LEFT = Shard.builder().shardId("l").parentShardId("p").build();
  private static final Shard RIGHT = Shard.builder().shardId("r").parentShardId("p").build();
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
}
