package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.search.SocketCaller;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A replay that ends at any call, like a killed process: the next one completes it. */
final class ReplayCrashIT {
  @Test
  void killedAtAnyStepItLosesNothing() {
    int steps = 0;
    for (int killAt = 1; killAt == 1 || steps >= killAt - 1; killAt++) {
      for (boolean after : List.of(false, true)) {
        DeadLetterWorld each = new DeadLetterWorld();
        each.table.put("a", "first");
        each.table.put("large", "x".repeat(100_000));
        each.table.put("b", "first");
        var streamed = each.table.streamed();
        each.queue.send(each.table.failure(streamed.get(0)), each.table.failure(streamed.get(1)));
        each.handlers.capture(false, each.table.failure(streamed.get(2)));
        KillSwitch kill = new KillSwitch(killAt, after);
        each.handlers.caller = kill.wrap(new LimitedCaller(64 << 10));
        List<String> receipts = new ArrayList<>();
        each.handlers.sqs =
            kill.wrap(SqsClient.class, ReceiptNoting.of(SharedServers.sqs().client(), receipts));
        each.handlers.streams =
            kill.wrap(DynamoDbStreamsClient.class, each.table.dynamoDb().streams());
        try {
          each.handlers.replay();
        } catch (KillSwitch.Killed e) {
          // The step of this round.
        }
        steps = kill.steps().size();
        String step =
            "killed at %d, %s it, of %s"
                .formatted(killAt, after ? "after" : "before", kill.steps());
        // Nothing that is not in the index has left the queue.
        assertThat(each.queue.counts().getFirst() + each.queue.counts().getLast())
            .as(step)
            .isGreaterThanOrEqualTo(3 - each.index.documents().size());
        each.queue.makeVisible(receipts);
        each.handlers.caller = new SocketCaller();
        each.handlers.sqs = SharedServers.sqs().client();
        each.handlers.streams = each.table.dynamoDb().streams();
        ReplayReply reply = each.handlers.replay();
        assertThat(each.index.documents()).as(step).isEqualTo(each.table.items());
        assertThat(each.queue.counts()).as(step).containsExactly(0, 0);
        assertThat(reply.totals().kept()).as(step).isZero();
      }
    }
    assertThat(steps).isGreaterThan(8);
  }
}
