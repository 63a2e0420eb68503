package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.deadletter.LargeQueue;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.core.search.ScriptedEngine;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The replay function's memory is bounded by a page of the queue, also if it keeps all of it. */
final class ReplayMemoryIT {
  /** Their bodies take 135 MB. */
  private static final int MESSAGES = 150;

  private static final int MEMORY_MEGABYTES = 128;

  @Test
  void aQueueThatIsLargerThanTheMemoryIsReplayed() throws Exception {
    try (LargeQueue queue = new LargeQueue(MESSAGES);
        ScriptedEngine engine =
            new ScriptedEngine((_, out) -> ScriptedEngine.reply(out, 403, "{}"));
        LambdaFunction replay = new LambdaFunction(configuration(queue, engine))) {
      assertAllIsKept(replay.invoke("{\"dryRun\":true}".getBytes(UTF_8)));
      queue.startAgain();
      assertAllIsKept(replay.invoke("{}".getBytes(UTF_8)));
      assertThat(queue.received()).isEqualTo(MESSAGES);
    }
  }

  private static void assertAllIsKept(InvocationResult result) {
    assertThat(result).isInstanceOf(InvocationResult.Succeeded.class);
    var reply = ReplayReply.parse(((InvocationResult.Succeeded) result).payload());
    assertThat(reply.stopped()).isEqualTo(ReplayReply.Stopped.EMPTY);
    assertThat(reply.totals().kept()).isEqualTo(MESSAGES);
    assertThat(reply.totals().count(Kind.REJECTED)).isEqualTo(reply.totals().records());
  }

  private static LambdaConfiguration configuration(LargeQueue queue, ScriptedEngine engine) {
    return LambdaConfiguration.of(
            "replay",
            List.of(Path.of("target/utsushi-function.jar")),
            ReplayHandler.class.getName() + "::handleRequest")
        .withEnvironment(
            Map.of(
                "UTSUSHI_SEARCH_ENDPOINT",
                engine.endpoint().toString(),
                "UTSUSHI_SEARCH_AUTH",
                "none",
                "UTSUSHI_INDEX",
                "deals",
                "UTSUSHI_PARTITION_KEY",
                "id",
                "UTSUSHI_TABLE_ARN",
                Failures.TABLE,
                "UTSUSHI_DEAD_LETTER_QUEUE_URL",
                queue.url(),
                "AWS_ENDPOINT_URL_SQS",
                queue.endpoint().toString()))
        .withMemoryMegabytes(MEMORY_MEGABYTES)
        .withTimeout(Duration.ofMinutes(2));
  }
}
