package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.DeadLetter.Form;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.deadletter.ReplayReply.Replayed;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replay of records that have expired from the stream. */
final class ReplayExpiryIT {
  private final DeadLetterWorld world = new DeadLetterWorld();

  @Test
  void expiredRecordsAreReportedAndTheirMessageIsKept() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      DeadLetterWorld world = new DeadLetterWorld(dynamoDb);
      world.table.put("a", "first");
      var first = world.table.streamed().getFirst();
      world.queue.send(world.table.failure(first));
      dynamoDb.ageStreams(Duration.ofHours(25));
      for (ReplayReply reply : List.of(world.handlers.dryRun(), world.handlers.replay())) {
        ReplayReply.Message message = reply.messages().getFirst();
        assertThat(message.form()).isEqualTo(Form.REFERENCE);
        assertThat(message.fate()).isEqualTo(Fate.KEPT);
        assertThat(message.note()).contains("Write the items that changed").contains("purge");
        Replayed expired = message.records().getFirst();
        assertThat(expired.outcome()).isEqualTo(Kind.EXPIRED);
        assertThat(expired.id()).isNull();
        assertThat(expired.reason()).contains(first.shardId(), first.sequenceNumber());
        assertThat(reply.totals().count(Kind.EXPIRED)).isEqualTo(1);
        assertThat(world.queue.counts()).containsExactly(1, 0);
      }
    }
  }

  @Test
  void capturedRecordsReplayAfterTheyExpiredFromTheStream() {
    try (LocalDynamoDb dynamoDb = LocalDynamoDb.start()) {
      DeadLetterWorld world = new DeadLetterWorld(dynamoDb);
      world.table.put("a", "first");
      Enqueued.CAPTURED.send(world, world.table.streamed().getFirst());
      dynamoDb.ageStreams(Duration.ofHours(25));
      assertThat(Replies.outcomes(world.handlers.replay())).containsExactly(Kind.APPLIED);
      assertThat(world.index.documents()).isEqualTo(world.table.items());
      assertThat(world.queue.counts()).containsExactly(0, 0);
    }
  }

  @Test
  void theRecordsLeftOfARangeAreWrittenAndTheMessageIsKept() {
    world.table.put("b", "first");
    world.queue.send(world.table.failureWithOneForgotten(world.table.streamed().getFirst()));
    ReplayReply reply = world.handlers.replay();
    assertThat(Replies.outcomes(reply)).containsExactlyInAnyOrder(Kind.APPLIED, Kind.EXPIRED);
    assertThat(world.index.documents()).containsOnlyKeys("b");
    assertThat(world.queue.counts()).containsExactly(1, 0);
  }
}
