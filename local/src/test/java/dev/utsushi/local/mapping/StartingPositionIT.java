package dev.utsushi.local.mapping;

import static dev.utsushi.local.mapping.MappedPipeline.ONE_BY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StartingPositionIT {

  private static final EventSourceMappingSettings LATEST =
      ONE_BY_ONE.withStartingPosition(StartingPosition.LATEST);

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  @Test
  void everyChangeReachesTheFunctionEvenThoseBeforeTheStart() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    try (var mapping = PIPELINE.start(ONE_BY_ONE)) {
      table.put("a", 2);
      table.put("b", 1);
      Await.settled(mapping, 3);
      assertThat(table.seenOf("a")).containsExactly(1, 2);
      assertThat(table.seenOf("b")).containsExactly(1);
    }
  }

  @Test
  void latestReadsOnlyRecordsAfterTheStart() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    PIPELINE.dynamoDb().rollOverShards();
    table.put("a", 2);
    try (var mapping = PIPELINE.start(LATEST)) {
      table.put("a", 3);
      Await.settled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(3);
    }
  }

  @Test
  void changesMadeWhileAMappingThatStartedAtLatestWasClosedAreNotLost() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    PIPELINE.start(LATEST).close();
    table.put("a", 2);
    PIPELINE.dynamoDb().rollOverShards();
    table.put("a", 3);
    try (var mapping = PIPELINE.start(LATEST)) {
      Await.settled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(2, 3);
    }
  }

  @Test
  void nothingIsLostOfAShardThatWasEmptyAtTheStart() throws Exception {
    MappedTable table = PIPELINE.table();
    PIPELINE.start(LATEST).close();
    table.put("a", 1);
    try (var mapping = PIPELINE.start(LATEST)) {
      Await.settled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(1);
    }
  }
}
