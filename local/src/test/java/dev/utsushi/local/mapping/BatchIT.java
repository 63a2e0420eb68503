package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BatchIT {

  @RegisterExtension static final MappedPipeline PIPELINE = new MappedPipeline();

  private final List<Integer> batches = new CopyOnWriteArrayList<>();

  @Test
  void theBatchSizeLimitsTheNumberOfRecords() throws Exception {
    MappedTable table = PIPELINE.table();
    IntStream.rangeClosed(1, 25).forEach(n -> table.put("a", n));
    try (var mapping = start(EventSourceMappingSettings.defaults().withBatchSize(10))) {
      Await.settled(mapping, 25);
    }
    assertThat(batches).containsExactly(10, 10, 5);
    assertThat(table.seenOf("a")).isSorted().hasSize(25);
  }

  /** Twenty records of 350 KB each are 7 MB. */
  @Test
  void sixMegabytesLimitThePayload() throws Exception {
    MappedTable table = PIPELINE.table();
    IntStream.rangeClosed(1, 20).forEach(n -> table.putBytes("item-" + n, n, 350 * 1024));
    var window = EventSourceMappingSettings.defaults().withBatchingWindow(Duration.ofSeconds(5));
    try (var mapping = start(window)) {
      Await.settled(mapping, 20);
    }
    assertThat(batches).containsExactly(17, 3);
    assertThat(table.seen()).hasSize(20);
  }

  @Test
  void theWindowGathersRecords() throws Exception {
    MappedTable table = PIPELINE.table();
    var window = EventSourceMappingSettings.defaults().withBatchingWindow(Duration.ofSeconds(3));
    try (var mapping = start(window)) {
      for (int n = 1; n <= 3; n++) {
        long polled = mapping.counters().polledRecords();
        table.put("a", n);
        await().until(() -> mapping.counters().polledRecords() > polled);
      }
      assertThat(batches).isEmpty();
      Await.settled(mapping, 3);
    }
    assertThat(batches).containsExactly(3);
  }

  private EventSourceMapping start(EventSourceMappingSettings settings) {
    return PIPELINE.start(
        PIPELINE
            .mapping(settings)
            .withListener(
                event -> {
                  if (event instanceof MappingEvent.Invoked invoked) {
                    batches.add(invoked.records().size());
                  }
                }));
  }
}
