package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.index.Outcome.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A dry run says what a replay would do, and does nothing. */
final class ReplayDryRunIT {
  private final DeadLetterWorld world = new DeadLetterWorld();

  @ParameterizedTest
  @EnumSource
  void aDryRunReportsEverythingAndChangesNothing(Enqueued enqueued) {
    world.table.put("applied", "first");
    world.table.put("superseded", "first");
    world.table.put("gone", "first");
    world.table.put("applied", "second");
    world.table.put("superseded", "second");
    world.table.delete("gone");
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.get(0), streamed.get(4), streamed.get(5));
    enqueued.send(world, streamed.get(1), streamed.get(2), streamed.get(3));
    Map<String, String> before = world.index.documents();
    ReplayReply reply = world.handlers.dryRun();
    assertThat(world.index.documents()).isEqualTo(before);
    assertThat(world.queue.counts()).containsExactly(1, 0);
    assertThat(reply.dryRun()).isTrue();
    ReplayReply.Message message = reply.messages().getFirst();
    assertThat(message.fate()).isEqualTo(Fate.KEPT);
    Replayed applied = Replies.record(message, "applied");
    assertThat(applied.outcome()).isEqualTo(Kind.APPLIED);
    assertThat(applied.unread()).isFalse();
    assertThat(Objects.requireNonNull(applied.standing()).version())
        .endsWith(streamed.get(0).sequenceNumber());
    Replayed superseded = Replies.record(message, "superseded");
    assertThat(superseded.outcome()).isEqualTo(Kind.SUPERSEDED);
    assertThat(Objects.requireNonNull(superseded.standing()).deleted()).isFalse();
    Replayed gone = Replies.record(message, "gone");
    assertThat(gone.outcome()).isEqualTo(Kind.SUPERSEDED);
    assertThat(Objects.requireNonNull(gone.standing()).deleted()).isTrue();
    assertThat(gone.standing().indexedAt()).isAfter(Instant.now().minusSeconds(300));
    assertThat(Replies.outcomes(world.handlers.replay()))
        .hasSameElementsAs(Replies.outcomes(reply));
  }

  @Test
  void aDryRunCreatesNoIndexThatAReplayCreates() {
    world.table.put("a", "first");
    world.queue.send(world.table.failure(world.table.streamed().getFirst()));
    Replayed replayed = world.handlers.dryRun().messages().getFirst().records().getFirst();
    assertThat(replayed.outcome()).isEqualTo(Kind.APPLIED);
    assertThat(replayed.standing()).isNull();
    assertThat(replayed.unread()).isFalse();
    assertThat(world.index.engine().send("GET", "/_cat/indices", "").toString())
        .doesNotContain(world.index.name() + "-0");
    assertThat(Replies.outcomes(world.handlers.replay())).containsExactly(Kind.APPLIED);
  }

  /** Each handler here is a cold one. */
  @ParameterizedTest
  @CsvSource({"-000001, was deleted", "-000001/_alias/%s-write, the write alias is missing"})
  void aDryRunAndAReplayTellOfAMissingIndexAlike(String path, String reason) {
    world.table.put("a", "first");
    world.table.put("a", "second");
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.getFirst());
    world.queue.send(world.table.failure(streamed.getLast()));
    String index = world.index.name();
    world.index.engine().send("DELETE", "/" + index + path.formatted(index), "");
    Replayed dry = world.handlers.dryRun().messages().getFirst().records().getFirst();
    Replayed real = world.handlers.replay().messages().getFirst().records().getFirst();
    assertThat(dry.outcome()).isEqualTo(Kind.REJECTED);
    assertThat(dry.reason()).contains(reason);
    assertThat(dry.unread()).isTrue();
    assertThat(real.outcome()).isEqualTo(dry.outcome());
    assertThat(real.reason()).isEqualTo(dry.reason());
  }

  @Test
  void aDryRunReportsABlockedIndex() {
    world.table.put("a", "first");
    world.table.put("a", "second");
    var streamed = world.table.streamed();
    world.handlers.replicate(streamed.getFirst());
    world.queue.send(world.table.failure(streamed.getLast()));
    world
        .index
        .engine()
        .send(
            "PUT", "/" + world.index.name() + "-000001/_settings", "{\"index.blocks.write\":true}");
    world.handlers.time = Duration.ofSeconds(6);
    Replayed replayed = world.handlers.dryRun().messages().getFirst().records().getFirst();
    assertThat(replayed.outcome()).isEqualTo(Kind.DEFERRED);
    assertThat(replayed.reason()).contains("cluster_block_exception");
    world
        .index
        .engine()
        .send(
            "PUT",
            "/" + world.index.name() + "-000001/_settings",
            "{\"index.blocks.write\":false}");
    world.handlers.time = Duration.ofSeconds(60);
    assertThat(Replies.outcomes(world.handlers.dryRun())).containsExactly(Kind.APPLIED);
  }
}
