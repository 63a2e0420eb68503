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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A consumer that always fails delays no other: two tables side by side, one of them has it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ConsumersIT {
  private static final int WRITES = 300;
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(90);

  /** Of what may differ by chance, with polls four times a second. */
  private static final double MOST_DIFFERENCE_MILLIS = 250;

  private final Lags alone = new Lags();
  private final Lags accompanied = new Lags();

  /** The milliseconds from a write to the end of its invocation, each with a number. */
  private static final class Lags {
    private final ConcurrentSkipListSet<Long> all = new ConcurrentSkipListSet<>();
    private final AtomicInteger count = new AtomicInteger();

    void observe(MappingEvent event) {
      if (event instanceof MappingEvent.Invoked invoked && !invoked.failed()) {
        long written = invoked.records().getLast().change().at("/dynamodb/NewImage/at/N").asLong();
        long lag = invoked.end().toEpochMilli() - written;
        all.add(lag * 1_000 + count.getAndIncrement());
      }
    }

    long percentile(int percent) {
      return List.copyOf(all).get(all.size() * percent / 100) / 1_000;
    }
  }

  @Test
  void aConsumerThatAlwaysFailsDelaysNoOther() throws Exception {
    try (var aws = EmbeddedServers.start(_ -> {});
        var quiet = new EmbeddedPipeline(aws, options("alone").withListener(alone::observe));
        var shared =
            new EmbeddedPipeline(aws, options("shared").withListener(accompanied::observe));
        var failing =
            new EmbeddedPipeline(
                aws, options("failing").withSharing(shared).withFunction(ConsumersIT::failing))) {
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

      System.out.printf(
          "lag in ms: alone p50 %d, p95 %d; beside a failing consumer p50 %d, p95 %d%n",
          alone.percentile(50),
          alone.percentile(95),
          accompanied.percentile(50),
          accompanied.percentile(95));
      assertThat(failing.count(MappingCounters::invocations)).isGreaterThan(10);
      await(() -> failing.failures() + failing.deadLetters() > 0);
      assertThat(shared.failures() + shared.deadLetters()).isZero();
      assertThat((double) accompanied.percentile(50) - alone.percentile(50))
          .isLessThan(MOST_DIFFERENCE_MILLIS);
      assertThat((double) accompanied.percentile(95) - alone.percentile(95))
          .isLessThan(2 * MOST_DIFFERENCE_MILLIS);
    }
  }

  private static Invocable failing(Invocable function) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] event) {
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
