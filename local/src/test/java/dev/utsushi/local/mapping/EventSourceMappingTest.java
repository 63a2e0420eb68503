package dev.utsushi.local.mapping;

import static dev.utsushi.local.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.local.mapping.EventSourceMappingSettings.StartingPosition;
import dev.utsushi.local.mapping.MappingContext.Sleeper;
import dev.utsushi.local.stream.CheckpointStore;
import dev.utsushi.local.stream.ScriptedStream;
import dev.utsushi.local.stream.ScriptedStream.ScriptedShard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EventSourceMappingTest {

  private final ScriptedStream stream = new ScriptedStream();
  private final ScriptedFunction function = new ScriptedFunction();
  private final CheckpointStore checkpoints = new CheckpointStore();
  private final List<String> reported = new CopyOnWriteArrayList<>();
  private final AtomicReference<MappingCounters> counters =
      new AtomicReference<>(MappingCounters.ZERO);

  @Test
  void splitsAndGenerationsAreReadParentsFirst() throws Exception {
    stream.shard("parent", null).with(1, 2, 3).closed();
    stream.shard("left", "parent").with(11, 12).closed();
    stream.shard("right", "parent").with(21);
    stream.shard("grandchild", "left").with(31);
    function.poison(3);
    try (var _ = start(settings().withBatchSize(1))) {
      await().until(() -> counters.get().failedInvocations() > 3);
      assertThat(seen()).doesNotContain(11, 12, 21, 31);
      function.heal();
      await().until(() -> counters.get().settledRecords() == 7);
    }
    List<Integer> seen = seen().stream().distinct().toList();
    assertThat(seen).startsWith(1, 2, 3).containsSubsequence(11, 12, 31).contains(21);
    assertThat(reported).contains("finished parent", "finished left");
  }

  @Test
  void aTableStreamCanNotBeReadAtATime() {
    assertThatThrownBy(() -> start(settings().startingAt(Instant.EPOCH)).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AT_TIMESTAMP");
  }

  @Test
  void aDisabledStreamIsDrainedAndReported() throws Exception {
    stream.shard("only", null).with(1).closed();
    stream.disable();
    try (var _ = start(settings())) {
      await().until(() -> reported.contains("drained"));
    }
    assertThat(seen()).containsExactly(1);
    assertThat(reported).containsOnlyOnce("drained");
  }

  @Test
  void aDeletedStreamIsReportedOnceAndReadRecordsAreProcessed() throws Exception {
    stream.shard("open", null).with(1, 2);
    function.poison(2);
    try (var _ = start(settings().withBatchSize(1))) {
      await().until(() -> counters.get().failedInvocations() > 0);
      stream.delete();
      await().until(() -> reported.contains("deleted"));
      function.heal();
      await().until(() -> counters.get().settledRecords() == 2);
      await().until(() -> reported.contains("finished open"));
    }
    assertThat(reported).containsOnlyOnce("deleted").doesNotContain("problem");
  }

  @Test
  void changesMadeWhileAMappingThatStartedAtLatestWasClosedAreNotLost() throws Exception {
    ScriptedShard shard = stream.shard("open", null).with(1, 2, 3);
    var latest = settings().withStartingPosition(StartingPosition.LATEST);
    start(latest).close();
    shard.with(4).closed();
    stream.shard("child", "open").with(5);
    try (var _ = start(latest)) {
      await().until(() -> counters.get().settledRecords() == 2);
    }
    assertThat(seen()).containsExactly(4, 5);
  }

  private static EventSourceMappingSettings settings() {
    return EventSourceMappingSettings.defaults();
  }

  private EventSourceMapping start(EventSourceMappingSettings settings) {
    // A hundred times as fast as in production.
    Sleeper hasty = duration -> Thread.sleep(duration.dividedBy(100));
    var context =
        Contexts.context(function, settings)
            .withCheckpoints(checkpoints)
            .withListener(this::note)
            .withBackoff(Contexts.backoff(Duration.ofMillis(100), Duration.ofSeconds(1)))
            .withSleeper(hasty);
    var mapping = new EventSourceMapping(stream, context);
    mapping.start();
    return mapping;
  }

  private List<Integer> seen() {
    return function.batches().stream().flatMap(List::stream).toList();
  }

  private void note(MappingEvent event) {
    var _ = counters.updateAndGet(count -> count.after(event));
    switch (event) {
      case MappingEvent.ShardFinished(String shardId) -> reported.add("finished " + shardId);
      case MappingEvent.Drained _ -> reported.add("drained");
      case MappingEvent.StreamDeleted _ -> reported.add("deleted");
      case MappingEvent.Problem _ -> reported.add("problem");
      default -> {}
    }
  }
}
