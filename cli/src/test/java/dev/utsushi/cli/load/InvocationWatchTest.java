package dev.utsushi.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.loadtest.generator.WriteTimes;
import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.InvocationResult.Crashed;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.Throttled;
import dev.utsushi.local.mapping.LaneId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InvocationWatchTest {
  private static final byte[] EVENT =
      """
      {"Records":[
        {"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","NewImage":{"writeNumber":{"N":"0"}}}},
        {"eventName":"INSERT","dynamodb":{"SequenceNumber":"2","NewImage":{"writeNumber":{"N":"1"}}}}]}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final WritePlan plan =
      new Traffic(
              ArrivalProfile.steady(10, Duration.ofSeconds(1)),
              ArrivalPattern.CONSTANT,
              new KeyDistribution.Uniform(1000),
              new WriteMix(1, 0, 0),
              ItemSize.DEFAULT,
              1)
          .plan();
  private final AtomicLong now = new AtomicLong(Duration.ofMillis(200).toNanos());
  private final RunRecorder recorder = new RunRecorder(plan, new WriteTimes(plan.size()), now::get);

  @Test
  void whatAnInvocationSettlesIsIndexedAndItsLaneIsNoted() throws InterruptedException {
    invoke(new Succeeded("1", "{\"batchItemFailures\":[]}"), true);
    assertThat(recorder.indexedCount()).isEqualTo(2);
    LoadMeasurement measured = LoadMeasurement.of(recorder, 3);
    assertThat(measured.invocations()).isEqualTo(1);
    assertThat(measured.failedInvocations()).isZero();
    assertThat(measured.recordsPerInvocation()).isEqualTo(2);
    assertThat(measured.lanes().get(2).share()).isPositive();
    assertThat(measured.lanes().get(0).share()).isZero();
  }

  @Test
  void whatItDoesNotSettleIsNot() throws InterruptedException {
    invoke(new Succeeded("1", "{\"batchItemFailures\":[{\"itemIdentifier\":\"2\"}]}"), true);
    assertThat(recorder.indexedAt(0)).isPositive();
    assertThat(recorder.indexedAt(1)).isZero();
    assertThat(LoadMeasurement.of(recorder, 3).failedInvocations()).isEqualTo(1);
  }

  @Test
  void aCrashSettlesNothing() throws InterruptedException {
    invoke(new Crashed("1", 137), true);
    assertThat(recorder.indexedCount()).isZero();
    assertThat(LoadMeasurement.of(recorder, 3).failedInvocations()).isEqualTo(1);
  }

  @Test
  void aThrottleIsNoInvocation() throws InterruptedException {
    invoke(new Throttled("1"), true);
    assertThat(LoadMeasurement.of(recorder, 3).invocations()).isZero();
  }

  @Test
  void theWarmUpIsNotRecorded() throws InterruptedException {
    invoke(new Succeeded("1", "{}"), false);
    assertThat(recorder.indexedCount()).isZero();
    assertThat(LoadMeasurement.of(recorder, 3).invocations()).isZero();
  }

  private void invoke(InvocationResult result, boolean recording) throws InterruptedException {
    var watch =
        new InvocationWatch(
            new Invocable() {
              @Override
              public InvocationResult invoke(byte[] payload) {
                return result;
              }

              @Override
              public String arn() {
                return "arn:of:no:function";
              }
            });
    if (recording) {
      watch.recordTo(recorder);
    }
    InvocationResult returned = watch.invoke(EVENT);
    assertThat(returned).isSameAs(result);
    watch.invoked(new LaneId("shard", 2), 2, Duration.ZERO, Duration.ofMillis(3), result);
    now.set(Duration.ofSeconds(2).toNanos());
  }
}
