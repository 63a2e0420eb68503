package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static dev.utsushi.local.mapping.MappedPipeline.ONE_BY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShardIT {

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  private final List<String> reported = new CopyOnWriteArrayList<>();

  @Test
  void aChildShardIsReadAfterItsParentIsFinished() throws Exception {
    MappedTable table = PIPELINE.table();
    var settings = EventSourceMappingSettings.defaults().withBatchSize(1);
    try (var mapping = start(settings)) {
      table.putPoison("a", 1, "throw");
      await().until(() -> mapping.counters().failedInvocations() > 0);
      PIPELINE.dynamoDb().rollOverShards();
      table.put("a", 2);
      table.put("b", 1);
      // Four more attempts take more than a second, in which the mapping looks for new shards.
      long failed = mapping.counters().failedInvocations();
      await().until(() -> mapping.counters().failedInvocations() >= failed + 4);
      assertThat(table.seenOf("b")).isEmpty();
      table.heal();
      Await.settled(mapping, 3);
      assertThat(table.seenOf("a").stream().distinct()).containsExactly(1, 2);
      assertThat(table.seenOf("b")).containsExactly(1);
    }
  }

  @Test
  void severalGenerationsAreReadOneAfterTheOther() throws Exception {
    MappedTable table = PIPELINE.table();
    for (int generation = 0; generation < 4; generation++) {
      table.put("a", 2 * generation + 1);
      table.put("a", 2 * generation + 2);
      PIPELINE.dynamoDb().rollOverShards();
    }
    table.put("a", 9);
    assertThat(table.shards()).hasSize(5);
    try (var mapping = start(ONE_BY_ONE.withParallelizationFactor(10))) {
      Await.settled(mapping, 9);
      assertThat(table.seenOf("a"))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 9).boxed().toList());
    }
  }

  @Test
  void anExpiredIteratorIsRenewedWhereReadingStopped() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var mapping = start(ONE_BY_ONE)) {
      table.put("a", 1);
      Await.settled(mapping, 1);
      PIPELINE.dynamoDb().ageStreams(Duration.ofMinutes(20));
      table.put("a", 2);
      Await.settled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 2);
    }
  }

  @Test
  void recordsThatExpiredUnreadAreSkippedReportedAndCounted() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    table.put("a", 2);
    PIPELINE.dynamoDb().ageStreams(Duration.ofHours(25));
    table.put("a", 3);
    String expired = table.shards().getFirst().shardId();
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(3);
      assertThat(mapping.counters().trims()).isEqualTo(1);
      assertThat(reported).containsExactly("trimmed " + expired, "finished " + expired);
    }
  }

  @Test
  void recordsThatExpiredBehindTheCheckpointAreSkippedToo() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
    }
    table.put("a", 2);
    PIPELINE.dynamoDb().ageStreams(Duration.ofHours(25));
    table.put("a", 3);
    try (var mapping = start(ONE_BY_ONE)) {
      Await.settled(mapping, 1);
      assertThat(table.seenOf("a")).containsExactly(1, 3);
      assertThat(mapping.counters().trims()).isEqualTo(1);
    }
  }

  @Test
  void recordsReadBeforeTheyExpiredAreNotLostAndNothingIsReported() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var mapping = start(ONE_BY_ONE)) {
      table.put("a", 1);
      Await.settled(mapping, 1);
      PIPELINE.dynamoDb().ageStreams(Duration.ofHours(25));
      table.put("a", 2);
      Await.settled(mapping, 2);
      assertThat(table.seenOf("a")).containsExactly(1, 2);
      assertThat(mapping.counters().trims()).isZero();
    }
  }

  @Test
  void aStreamEnabledAgainNeedsAnotherMappingAndTheOldOneIsDrained() throws Exception {
    MappedTable table = PIPELINE.table();
    table.put("a", 1);
    table.put("a", 2);
    table.disableStream();
    table.put("a", 3);
    String again = table.enableStream();
    assertThat(again).isNotEqualTo(table.streamArn());
    table.put("a", 4);
    try (var old = start(ONE_BY_ONE)) {
      await().until(() -> reported.contains("drained"));
      assertThat(old.counters().settledRecords()).isEqualTo(2);
    }
    try (var mapping = PIPELINE.start(PIPELINE.mapping(ONE_BY_ONE).withStreamArn(again))) {
      Await.settled(mapping, 1);
    }
    assertThat(table.seenOf("a")).containsExactly(1, 2, 4);
  }

  @Test
  void theStreamOfADeletedTableIsDrained() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var _ = start(ONE_BY_ONE)) {
      table.put("a", 1);
      table.delete();
      await().until(() -> reported.contains("drained"));
      assertThat(table.seenOf("a")).containsExactly(1);
    }
  }

  @Test
  void aDeletedStreamIsReportedOnceAndNoLongerDescribed() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var mapping = start(EventSourceMappingSettings.defaults().withBatchSize(1))) {
      table.putPoison("a", 1, "throw");
      await().until(() -> mapping.counters().failedInvocations() > 0);
      table.disableStream();
      PIPELINE.dynamoDb().ageStreams(Duration.ofHours(25));
      await().until(() -> reported.contains("deleted"));
      table.heal();
      Await.settled(mapping, 1);
      await().until(() -> reported.stream().anyMatch(what -> what.startsWith("finished")));
      assertThat(reported)
          .containsOnlyOnce("deleted")
          .noneMatch(what -> what.startsWith("problem"));
    }
  }

  private EventSourceMapping start(EventSourceMappingSettings settings) {
    return PIPELINE.start(PIPELINE.mapping(settings).withListener(this::note));
  }

  private void note(MappingEvent event) {
    switch (event) {
      case MappingEvent.Trimmed(String shardId) -> reported.add("trimmed " + shardId);
      case MappingEvent.ShardFinished(String shardId) -> reported.add("finished " + shardId);
      case MappingEvent.Drained _ -> reported.add("drained");
      case MappingEvent.StreamDeleted _ -> reported.add("deleted");
      case MappingEvent.Problem(String where, Exception _) -> reported.add("problem: " + where);
      default -> {}
    }
  }
}
