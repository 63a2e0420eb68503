package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.local.kinesis.LocalKinesis;
import dev.utsushi.local.kinesis.Resharding;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.KinesisEnd;
import dev.utsushi.testbed.pipeline.PipelineOptions;
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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The whole pipeline with a Kinesis stream, which delivers changes twice, late and out of order,
 * and is resharded meanwhile.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class KinesisPipelineIT {
  private static final long SEED = 20_261_127;
  private static final int ITEMS = 20;
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final DeliveryFaults FAULTS =
      new DeliveryFaults(0.2, 0.4, 0.05, Duration.ofMillis(400), Duration.ofSeconds(2), SEED);

  private static LocalAws aws;
  private static LocalKinesis kinesis;

  @BeforeAll
  static void start() throws InterruptedException {
    aws = EmbeddedServers.start(_ -> {});
    kinesis = aws.kinesis();
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @Test
  void randomHistoriesConvergeWhileTheStreamIsResharded() throws Exception {
    Random random = new Random(SEED);
    try (var pipeline = new EmbeddedPipeline(aws, options("converging", FAULTS))) {
      pipeline.start();
      write(pipeline, random, 200);
      resharding(pipeline).split(0);
      write(pipeline, random, 200);
      resharding(pipeline).merge(0);
      write(pipeline, random, 200);
      awaitEqual(pipeline);
      assertThat(pipeline.failures() + pipeline.deadLetters()).isZero();
    }
  }

  @Test
  void deadLettersAreCapturedAndReplayed() throws Exception {
    Random random = new Random(SEED + 1);
    try (var pipeline = new EmbeddedPipeline(aws, options("failing", DeliveryFaults.NONE))) {
      pipeline.start();
      write(pipeline, random, 20);
      awaitEqual(pipeline);
      block(pipeline, true);
      write(pipeline, random, 20);
      pipeline.awaitForwarded();
      await(() -> pipeline.failures() == 0 && pipeline.deadLetters() > 0 && isSettled(pipeline));
      block(pipeline, false);
      assertThat(pipeline.compare().equal()).isFalse();
      assertThat(pipeline.replay().invoke("{}".getBytes(UTF_8)))
          .isInstanceOfSatisfying(
              InvocationResult.Succeeded.class,
              reply -> assertThat(reply.payload()).contains("\"stopped\":\"EMPTY\""));
      awaitEqual(pipeline);
      assertThat(pipeline.deadLetters()).isZero();
    }
  }

  /** Both ends write the same index for a while, then the table's own stream is left. */
  @Test
  void aReplicationMovesFromTheTablesOwnStream() throws Exception {
    Random random = new Random(SEED + 2);
    try (var pipeline = new EmbeddedPipeline(aws, options("moving", FAULTS))) {
      pipeline.startOwnStream();
      write(pipeline, random, 100);
      awaitEqual(pipeline);
      pipeline.start();
      write(pipeline, random, 200);
      awaitEqual(pipeline);
      write(pipeline, random, 50);
      pipeline.stopOwnStream();
      write(pipeline, random, 100);
      awaitEqual(pipeline);
      assertThat(pipeline.failures() + pipeline.deadLetters()).isZero();
    }
  }

  private static PipelineOptions options(String name, DeliveryFaults faults) {
    Path jar = Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");
    var options =
        PipelineOptions.of(name, jar, List.of(new KeyAttribute("id", ScalarAttributeType.S)));
    return options
        .withMapping(options.mapping().withParallelizationFactor(2).withBatchSize(10))
        .withLongestRetryWait(Duration.ofMillis(200))
        .withFunctionTimeout(Duration.ofSeconds(5))
        .withKinesis(new KinesisEnd(kinesis, 2, faults));
  }

  private static void write(EmbeddedPipeline pipeline, Random random, int writes) {
    for (int i = 0; i < writes; i++) {
      Map<String, AttributeValue> key =
          Map.of("id", AttributeValue.fromS("item-" + random.nextInt(ITEMS)));
      if (random.nextInt(4) == 0) {
        pipeline.dynamoDb().deleteItem(delete -> delete.tableName(pipeline.name()).key(key));
      } else {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put("n", AttributeValue.fromN(Integer.toString(random.nextInt())));
        pipeline.dynamoDb().putItem(put -> put.tableName(pipeline.name()).item(item));
      }
    }
  }

  /** It must stay equal: what comes late must not undo it. */
  private static void awaitEqual(EmbeddedPipeline pipeline) throws Exception {
    pipeline.awaitForwarded();
    // The first change creates the index.
    await(() -> pipeline.count(MappingCounters::settledRecords) > 0);
    List<ComparisonReport> last = new ArrayList<>();
    await(
        () -> {
          last.add(pipeline.compare());
          return last.getLast().equal() && isSettled(pipeline);
        });
    Thread.sleep(Duration.ofSeconds(3));
    assertThat(pipeline.compare().differences()).isEmpty();
  }

  private static boolean isSettled(EmbeddedPipeline pipeline) {
    return pipeline.count(MappingCounters::unsettledRecords) == 0;
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

  private static Resharding resharding(EmbeddedPipeline pipeline) {
    return new Resharding(kinesis, pipeline.name());
  }
}
