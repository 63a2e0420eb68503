package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static dev.utsushi.local.mapping.MappedPipeline.ONE_BY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.mapping.MappingContext.Backlog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LaneIT {

  private static final EventSourceMappingSettings TEN_LANES =
      EventSourceMappingSettings.defaults().withBatchSize(1).withParallelizationFactor(10);

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  @Test
  void tenLanesKeepTheOrderOfEachItem() throws Exception {
    MappedTable table = PIPELINE.tableWith(function -> function);
    try (var mapping = PIPELINE.start(ONE_BY_ONE.withParallelizationFactor(10));
        var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int item = 0; item < 20; item++) {
        String id = "item-" + item;
        tasks.add(
            () -> {
              IntStream.rangeClosed(1, 15).forEach(n -> table.put(id, n));
              return null;
            });
      }
      for (var written : writers.invokeAll(tasks)) {
        written.get();
      }
      Await.settled(mapping, 300);
      assertThat(table.function().environments()).hasSizeGreaterThan(1);
      for (int item = 0; item < 20; item++) {
        assertThat(table.seenOf("item-" + item))
            .containsExactlyElementsOf(IntStream.rangeClosed(1, 15).boxed().toList());
      }
    }
  }

  @Test
  void aRetryingLaneBlocksOnlyItself() throws Exception {
    MappedTable table = PIPELINE.table();
    try (var mapping = PIPELINE.start(TEN_LANES)) {
      table.putPoison("poison", 1, "throw");
      IntStream.range(0, 40).forEach(i -> table.put("item-" + i, 1));
      await().until(() -> mapping.counters().settledRecords() >= 30);
      await().until(() -> mapping.counters().failedInvocations() > 0);
      assertThat(mapping.counters().unsettledRecords()).isPositive();
      table.heal();
      Await.settled(mapping, 41);
    }
  }

  @Test
  void aStuckLaneHoldsUpTheOthersOnlyWhenItsBacklogIsFull() throws Exception {
    MappedTable table = PIPELINE.table();
    var context = PIPELINE.mapping(TEN_LANES).withBacklog(new Backlog(10, Long.MAX_VALUE));
    try (var mapping = PIPELINE.start(context)) {
      table.putPoison("poison", 1, "throw");
      await().until(() -> mapping.counters().failedInvocations() > 0);
      // Up to the bound, the other lanes still get their records.
      for (int n = 1; n <= 8; n++) {
        table.put("poison", 1 + n);
        long settled = mapping.counters().settledRecords();
        table.put("other", n);
        await().until(() -> mapping.counters().settledRecords() > settled);
      }
      assertThat(mapping.counters().unsettledRecords()).isEqualTo(9);
      table.put("poison", 10);
      await().until(() -> mapping.counters().unsettledRecords() == 10);
      long polled = mapping.counters().polledRecords();
      table.put("other", 9);
      long failed = mapping.counters().failedInvocations();
      await().until(() -> mapping.counters().failedInvocations() > failed + 1);
      assertThat(mapping.counters().polledRecords()).isEqualTo(polled);
      table.heal();
      Await.settled(mapping, 19);
      assertThat(table.seenOf("other"))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 9).boxed().toList());
    }
  }
}
