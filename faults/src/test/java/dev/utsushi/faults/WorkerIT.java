package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.KinesisEnd;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import dev.utsushi.testbed.pipeline.StreamWorker;
import dev.utsushi.testbed.search.SearchException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Workers in processes of their own, on both streams. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class WorkerIT {
  private static final long SEED = 20_261_128;
  private static final int ITEMS = 20;
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private static LocalAws aws;

  @BeforeAll
  static void start() throws InterruptedException {
    aws = EmbeddedServers.start(_ -> {});
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewWorkerReadsFromTheStart(boolean ofKinesis) throws Exception {
    try (var pipeline = pipeline("first", ofKinesis)) {
      write(pipeline, new Random(SEED), 100);
      long start = System.nanoTime();
      pipeline.start();
      awaitEqual(pipeline);
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      System.out.printf("kinesis %b: equal after %d ms%n", ofKinesis, millis);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherWorkerFollowsOneThatIsKilled(boolean ofKinesis) throws Exception {
    Random random = new Random(SEED + 1);
    try (var pipeline = pipeline("killed", ofKinesis)) {
      StreamWorker first = pipeline.startStreamWorker();
      write(pipeline, random, 100);
      await(() -> first.metric("records_settled_total") > 0);
      StreamWorker second = pipeline.startStreamWorker();
      write(pipeline, random, 200);
      first.kill();
      write(pipeline, random, 200);
      long start = System.nanoTime();
      awaitEqual(pipeline);
      System.out.printf(
          "kinesis %b: equal %d ms after a kill%n",
          ofKinesis, (System.nanoTime() - start) / 1_000_000);
      assertThat(second.metric("records_settled_total")).isPositive();
      assertThat(pipeline.failures() + pipeline.deadLetters()).isZero();
    }
  }

  /** One of three workers is killed or stopped at random, again and again, under writes. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void workersAreKilledAgainAndAgain(boolean ofKinesis) throws Exception {
    Random random = new Random(SEED + 5);
    try (var pipeline = pipeline("storm", ofKinesis)) {
      List<StreamWorker> running = new ArrayList<>();
      for (int round = 0; round < 6; round++) {
        running.add(pipeline.startStreamWorker());
        for (int i = 0; i < 10; i++) {
          write(pipeline, random, 10);
          Thread.sleep(300);
        }
        if (running.size() == 3) {
          StreamWorker victim = running.remove(random.nextInt(running.size()));
          if (random.nextBoolean()) {
            victim.kill();
          } else {
            victim.stop();
          }
        }
      }
      awaitEqual(pipeline);
      assertThat(pipeline.failures() + pipeline.deadLetters()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWorkerThatIsStoppedHandsOver(boolean ofKinesis) throws Exception {
    Random random = new Random(SEED + 2);
    try (var pipeline = pipeline("stopped", ofKinesis)) {
      StreamWorker first = pipeline.startStreamWorker();
      write(pipeline, random, 200);
      awaitEqual(pipeline);
      StreamWorker second = pipeline.startStreamWorker();
      await(() -> second.metrics() != null);
      long start = System.nanoTime();
      first.stop();
      System.out.printf(
          "kinesis %b: stopped in %d ms%n", ofKinesis, (System.nanoTime() - start) / 1_000_000);
      write(pipeline, random, 50);
      awaitEqual(pipeline);
      System.out.printf(
          "kinesis %b: handed over and equal after %d ms%n",
          ofKinesis, (System.nanoTime() - start) / 1_000_000);
      // What the first one noted did not come again.
      assertThat(second.metric("record_attempts_total")).isLessThanOrEqualTo(51);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatFailsIsTriedFourTimesAndReplayed(boolean ofKinesis) throws Exception {
    try (var pipeline = pipeline("failing", ofKinesis)) {
      StreamWorker worker = pipeline.startStreamWorker();
      write(pipeline, new Random(SEED + 3), 20);
      awaitEqual(pipeline);
      long before = worker.metric("record_attempts_total");
      block(pipeline, true);
      put(pipeline, "poisoned", 1);
      await(() -> pipeline.failures() == 0 && pipeline.deadLetters() == 1);
      assertThat(worker.metric("record_attempts_total") - before).isEqualTo(4);
      assertThat(worker.metric("dead_letters_total")).isEqualTo(1);
      block(pipeline, false);
      put(pipeline, "later", 1);
      await(() -> pipeline.compare().differences().size() == 1);

      assertThat(pipeline.replay().invoke("{}".getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              InvocationResult.Succeeded.class,
              reply -> assertThat(reply.payload()).contains("\"stopped\":\"EMPTY\""));
      awaitEqual(pipeline);
    }
  }

  /** The shards of the table's own stream end every few hours. */
  @Test
  void childrenOfAShardAreRead() throws Exception {
    Random random = new Random(SEED + 4);
    try (var database = LocalDynamoDb.start();
        var pipeline = new EmbeddedPipeline(aws, database, options("rolled", false))) {
      pipeline.start();
      for (int i = 0; i < 3; i++) {
        write(pipeline, random, 50);
        database.rollOverShards();
      }
      write(pipeline, random, 50);
      awaitEqual(pipeline);
    }
  }

  private static EmbeddedPipeline pipeline(String name, boolean ofKinesis) {
    return new EmbeddedPipeline(aws, options(name + (ofKinesis ? "-k" : "-d"), ofKinesis));
  }

  private static PipelineOptions options(String name, boolean ofKinesis) {
    Path home = Path.of(System.getProperty("utsushi.home"));
    var options =
        PipelineOptions.of(
                name,
                home.resolve("function/target/utsushi-function.jar"),
                List.of(new KeyAttribute("id", ScalarAttributeType.S)))
            .withFunctionTimeout(Duration.ofSeconds(2))
            .withWorkerJars(home.resolve("worker/target/app"));
    return ofKinesis
        ? options.withKinesis(new KinesisEnd(aws.kinesis(), 2, DeliveryFaults.NONE))
        : options;
  }

  private static void write(EmbeddedPipeline pipeline, Random random, int writes) {
    for (int i = 0; i < writes; i++) {
      String id = "item-" + random.nextInt(ITEMS);
      if (random.nextInt(4) == 0) {
        var key = Map.of("id", AttributeValue.fromS(id));
        pipeline.dynamoDb().deleteItem(delete -> delete.tableName(pipeline.name()).key(key));
      } else {
        put(pipeline, id, random.nextInt());
      }
    }
  }

  private static void put(EmbeddedPipeline pipeline, String id, int number) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("id", AttributeValue.fromS(id));
    item.put("n", AttributeValue.fromN(Integer.toString(number)));
    pipeline.dynamoDb().putItem(put -> put.tableName(pipeline.name()).item(item));
  }

  private static void awaitEqual(EmbeddedPipeline pipeline) throws Exception {
    pipeline.awaitForwarded();
    await(() -> isEqual(pipeline));
  }

  private static boolean isEqual(EmbeddedPipeline pipeline) throws InterruptedException {
    try {
      return pipeline.compare().equal();
    } catch (SearchException e) {
      // The first change creates the index.
      return false;
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(200);
    }
  }

  private static void block(EmbeddedPipeline pipeline, boolean blocked) throws Exception {
    pipeline
        .search()
        .send(
            "PUT",
            "/" + pipeline.name() + "-000001/_settings",
            "{\"index.blocks.write\":%s}".formatted(blocked));
  }
}
