package dev.utsushi.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * A consumer that hangs, and then always fails, delays no other of the same stream. Two tables side
 * by side, one of them with such a consumer, show what that costs.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ConsumersIT {
  private static final int WRITES = 300;
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final Lags alone = new Lags();
  private final Lags accompanied = new Lags();
  private final CountDownLatch othersHaveAll = new CountDownLatch(1);

  /** The milliseconds from a write to the end of its invocation. */
  private static final class Lags {
    private final Queue<Long> all = new ConcurrentLinkedQueue<>();

    void observe(MappingEvent event) {
      if (event instanceof MappingEvent.Invoked invoked && !invoked.failed()) {
        long written = invoked.records().getLast().change().at("/dynamodb/NewImage/at/N").asLong();
        all.add(invoked.end().toEpochMilli() - written);
      }
    }

    long percentile(int percent) {
      List<Long> sorted = all.stream().sorted().toList();
      return sorted.get(sorted.size() * percent / 100);
    }
  }

  @Test
  void aConsumerThatHangsAndFailsDelaysNoOther() throws Exception {
    try (var aws = EmbeddedServers.start(_ -> {});
        var quiet = new EmbeddedPipeline(aws, options("alone").withListener(alone::observe));
        var shared =
            new EmbeddedPipeline(aws, options("shared").withListener(accompanied::observe));
        var failing =
            new EmbeddedPipeline(
                aws,
                options("failing").withSharing(shared).withFunction(this::hangingAndFailing))) {
      List<EmbeddedPipeline> tables = List.of(quiet, shared);
      for (EmbeddedPipeline pipeline : List.of(quiet, shared, failing)) {
        assertThat(pipeline.function().initialize()).isEmpty();
        pipeline.start();
      }
      for (int i = 0; i < WRITES; i++) {
        for (EmbeddedPipeline table : tables) {
          write(table, i);
        }
        Thread.sleep(INTERVAL);
      }

      await(() -> quiet.compare().equal() && shared.compare().equal());
      assertThat(failing.count(MappingCounters::invocations)).as("ended by then").isZero();
      othersHaveAll.countDown();
      await(() -> failing.failures() + failing.deadLetters() > 0);

      assertThat(shared.failures() + shared.deadLetters()).isZero();
      System.out.printf(
          "lag in ms: alone p50 %d, p95 %d; beside a hanging consumer p50 %d, p95 %d%n",
          alone.percentile(50),
          alone.percentile(95),
          accompanied.percentile(50),
          accompanied.percentile(95));
    }
  }

  private Invocable hangingAndFailing(Invocable function) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] event) throws InterruptedException {
        othersHaveAll.await();
        return new InvocationResult.FunctionError("r", "java.lang.Error", "{}");
      }

      @Override
      public String arn() {
        return function.arn();
      }
    };
  }

  private static PipelineOptions options(String name) {
    Path jar = Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");
    return PipelineOptions.of(name, jar, List.of(new KeyAttribute("id", ScalarAttributeType.S)))
        .withLongestRetryWait(Duration.ofMillis(200));
  }

  private static void write(EmbeddedPipeline table, int number) {
    Map<String, AttributeValue> item =
        Map.of(
            "id", AttributeValue.fromS("item-" + number),
            "at", AttributeValue.fromN(Long.toString(System.currentTimeMillis())));
    table.dynamoDb().putItem(put -> put.tableName(table.name()).item(item));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(200);
    }
  }
}
