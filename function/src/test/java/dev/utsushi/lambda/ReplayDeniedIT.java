package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Fate;
import dev.utsushi.core.index.Outcome.Kind;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Denied calls and failed deletes are reported, and nothing is lost. */
final class ReplayDeniedIT {
  private final DeadLetterWorld world = new DeadLetterWorld();

  @Test
  void withoutPermissionThereIsOneClearError() {
    world.handlers.sqs = Denying.all(SqsClient.class);
    assertThatThrownBy(world.handlers::replay)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(world.queue.url)
        .hasMessageContaining("AccessDenied")
        .hasMessageContaining("sqs:ReceiveMessage");
  }

  @Test
  void ifReadingTheStreamIsDeniedTheMessageIsKeptAndTheReasonReported() {
    world.table.put("a", "first");
    world.queue.send(world.table.failure(world.table.streamed().getFirst()));
    world.handlers.streams = Denying.all(DynamoDbStreamsClient.class);
    ReplayReply.Message message = world.handlers.replay().messages().getFirst();
    assertThat(message.fate()).isEqualTo(Fate.KEPT);
    assertThat(message.note()).contains("AccessDenied").contains("replay again");
    assertThat(world.queue.counts()).containsExactly(1, 0);
  }

  @Test
  void aMessageThatCanNotBeDeletedIsKeptAndReported() {
    world.table.put("a", "first");
    world.queue.send(world.table.failure(world.table.streamed().getFirst()));
    world.handlers.sqs =
        Denying.some(SqsClient.class, SharedServers.sqs().client(), Set.of("deleteMessageBatch"));
    ReplayReply.Message message = world.handlers.replay().messages().getFirst();
    assertThat(message.fate()).isEqualTo(Fate.KEPT);
    assertThat(message.note()).contains("AccessDenied").contains("processed");
    assertThat(world.index.documents()).containsOnlyKeys("a");
    assertThat(world.queue.counts()).containsExactly(1, 0);
  }

  @Test
  void someDeletesOfABatchMayFail() {
    for (int i = 0; i < 5; i++) {
      world.table.put("item-" + i, "x");
    }
    world.table.streamed().forEach(each -> world.queue.send(world.table.failure(each)));
    world.handlers.sqs = new HalfDeleting(SharedServers.sqs().client()).client();
    ReplayReply reply = world.handlers.replay();
    assertThat(reply.totals().deleted()).isEqualTo(4);
    assertThat(reply.messages().stream().filter(each -> each.fate() == Fate.KEPT))
        .singleElement()
        .satisfies(each -> assertThat(each.note()).contains("ReceiptHandleIsInvalid"));
    assertThat(world.queue.counts()).containsExactly(1, 0);
    world.handlers.sqs = SharedServers.sqs().client();
    assertThat(Replies.outcomes(world.handlers.replay())).containsExactly(Kind.SUPERSEDED);
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }
}
