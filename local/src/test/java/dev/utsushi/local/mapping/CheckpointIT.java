package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static dev.utsushi.local.mapping.MappedPipeline.ONE_BY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.stream.CheckpointStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CheckpointIT {

  private static final EventSourceMappingSettings TEN_LANES =
      EventSourceMappingSettings.defaults().withBatchSize(1).withParallelizationFactor(10);

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  @Test
  void aRestartContinuesAfterTheCheckpointAndRepeatsFromAnOldOne() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    CheckpointStore old;
    try (var mapping = PIPELINE.start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
      old = PIPELINE.checkpoints().copy();
      table.put("a", 2);
      Await.settled(mapping, 2);
    }
    table.put("a", 3);
    try (var mapping = PIPELINE.start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(1, 2, 3);
    }
    try (var mapping = PIPELINE.start(PIPELINE.mapping(ONE_BY_ONE).withCheckpoints(old))) {
      Await.settled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 2, 3, 2, 3);
    }
  }

  @Test
  void recordsThatALaneHadSettledAreNotRepeatedBecauseAnotherLaneWasStuck() throws Exception {
    MappedTable table = PIPELINE.table();
    table.putPoison("poison", 1, "throw");
    IntStream.range(0, 40).forEach(i -> table.put("item-" + i, 1));
    long settled = settledUntilOnlyOneLaneIsStuck();
    table.heal();
    try (var mapping = PIPELINE.start(TEN_LANES)) {
      Await.settled(mapping, 41 - settled);
    }
    for (int i = 0; i < 40; i++) {
      assertThat(table.seenOf("item-" + i)).as("item %d", i).containsExactly(1);
    }
  }

  @Test
  void aRestartWithOtherLanesLosesNothingAndRepeatsNothing() throws Exception {
    MappedTable table = PIPELINE.table();
    table.putPoison("poison", 1, "throw");
    IntStream.range(0, 40).forEach(i -> table.put("item-" + i, 1));
    long settled = settledUntilOnlyOneLaneIsStuck();
    table.heal();
    try (var mapping = PIPELINE.start(TEN_LANES.withParallelizationFactor(3))) {
      Await.settled(mapping, 41 - settled);
    }
    assertThat(table.seen().stream().map(MappedTable.Seen::id).distinct()).hasSize(41);
    assertThat(table.seen().stream().filter(seen -> seen.id().startsWith("item"))).hasSize(40);
  }

  private static long settledUntilOnlyOneLaneIsStuck() throws Exception {
    EventSourceMapping mapping = PIPELINE.start(TEN_LANES);
    try {
      await().until(() -> mapping.counters().settledRecords() >= 30);
    } finally {
      mapping.close();
    }
    return mapping.counters().settledRecords();
  }

  @Test
  void theCheckpointWaitsForTheMessage() throws Exception {
    MappedTable table = PIPELINE.table();
    String queue = table.createQueue(PIPELINE.sqs());
    PIPELINE.sqs().client().deleteQueue(request -> request.queueUrl(queue));
    List<String> problems = new CopyOnWriteArrayList<>();
    var builder =
        PIPELINE
            .mapping(ONE_BY_ONE.withMaximumRetryAttempts(0))
            .withOnFailure(PIPELINE.sqs().client(), queue)
            .withListener(
                event -> {
                  if (event instanceof MappingEvent.Problem(String where, Exception _)) {
                    problems.add(where);
                  }
                });
    try (var mapping = PIPELINE.start(builder)) {
      table.putPoison("a", 1, "throw");
      await().until(() -> problems.size() >= 2);
      assertThat(problems).allSatisfy(where -> assertThat(where).startsWith("on-failure queue"));
      assertThat(mapping.counters().settledRecords()).isZero();
      var before = PIPELINE.checkpoints().read(table.streamArn(), shardId());
      String name = queue.substring(queue.lastIndexOf('/') + 1);
      PIPELINE.sqs().client().createQueue(request -> request.queueName(name));
      Await.settled(mapping, 1);
      assertThat(PIPELINE.checkpoints().read(table.streamArn(), shardId())).isNotEqualTo(before);
    }
    assertThat(PIPELINE.receive(queue)).hasSize(1);
  }

  private static String shardId() {
    return PIPELINE.table().shards().getFirst().shardId();
  }
}
