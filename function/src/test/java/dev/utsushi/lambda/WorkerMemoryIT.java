package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The memory of a worker is bounded whatever the size of the items: a page of a table has 1 MB, and
 * of a document without an item only the version is read.
 */
final class WorkerMemoryIT {
  /** An eighth of what the construct gives the function, and the least that Lambda has. */
  private static final int MEMORY_MEGABYTES = 128;

  /** Together they are larger than the memory. */
  private static final int ITEMS = 330;

  /** DynamoDB takes 400 KB. */
  private static final int ITEM_BYTES = 409_000;

  private final RunWorld world = new RunWorld(SharedServers.dynamoDb(), Engines.openSearch());
  private final LocalQueue queue = new LocalQueue(world.index);

  @Test
  void itemsThatAreLargerThanTheMemoryAreWrittenAndCompared() throws Exception {
    String memo = "x".repeat(ITEM_BYTES);
    for (int i = 0; i < ITEMS; i++) {
      world.table.put("item-" + i, memo);
    }
    try (LambdaFunction worker = new LambdaFunction(configuration())) {
      Run backfill = finish(worker, world.start(Kind.BACKFILL, 1, false));
      assertThat(world.count(backfill, Count.WRITTEN)).isEqualTo(ITEMS);

      Run equal = finish(worker, world.start(Kind.VERIFY, 1, false));
      assertThat(world.count(equal, Count.EQUAL)).isEqualTo(ITEMS);

      for (int i = 0; i < ITEMS; i++) {
        world.table.delete("item-" + i);
      }
      Run ghosts = finish(worker, world.start(Kind.VERIFY, 1, true));
      assertThat(world.count(ghosts, Count.GHOST)).isEqualTo(ITEMS);
      assertThat(world.count(ghosts, Count.REPAIRED)).isEqualTo(ITEMS);
    }
  }

  private Run finish(LambdaFunction worker, Run run) throws InterruptedException {
    while (world.store.last().orElseThrow().state() != State.FINISHED) {
      for (Task task : world.store.tasks(run)) {
        assertThat(worker.invoke(event(task))).isInstanceOf(InvocationResult.Succeeded.class);
        assertThat(world.store.segment(run, task.segment()).failure()).isNull();
      }
    }
    return world.store.last().orElseThrow();
  }

  private static byte[] event(Task task) {
    var json = new JsonMapper().createObjectNode();
    json.putArray("Records")
        .addObject()
        .put("messageId", "1")
        .put("body", "{\"run\":\"%s\",\"segment\":%d}".formatted(task.run(), task.segment()));
    return json.toString().getBytes(UTF_8);
  }

  private LambdaConfiguration configuration() {
    Map<String, String> environment = world.environment();
    environment.put("UTSUSHI_SEGMENT_QUEUE_URL", queue.url);
    environment.put("AWS_ENDPOINT_URL_SQS", SharedServers.sqs().endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", SharedServers.dynamoDb().endpoint().toString());
    return LambdaConfiguration.of(
            "run",
            List.of(Path.of("target/utsushi-function.jar")),
            RunHandler.class.getName() + "::handleRequest")
        .withEnvironment(environment)
        .withMemoryMegabytes(MEMORY_MEGABYTES)
        .withTimeout(Duration.ofMinutes(5));
  }
}
