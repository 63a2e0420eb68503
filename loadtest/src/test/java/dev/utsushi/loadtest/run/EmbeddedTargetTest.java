package dev.utsushi.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.run.EmbeddedTarget.Lanes;
import dev.utsushi.loadtest.run.EmbeddedTarget.Recording;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.stream.PolledRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;

class EmbeddedTargetTest {
  private static final List<PolledRecord> RECORDS =
      List.of(
          record(1, OperationType.INSERT, Map.of("writeNumber", AttributeValue.fromN("0"))),
          record(2, OperationType.MODIFY, Map.of("writeNumber", AttributeValue.fromN("1"))));

  private static final LaneId LANE = new LaneId("shard", 2);

  private final WritePlan plan = plan(new WriteMix(1, 0, 0));
  private final AtomicLong now = new AtomicLong(Duration.ofSeconds(2).toNanos());
  private final RunRecorder recorder = new RunRecorder(plan, now::get);

  @Test
  void recordsThatAnInvocationProcessedAreIndexedAndItsLaneIsRecorded() {
    invoked(RECORDS, 2, recorder);
    assertThat(recorder.count(Moment.INDEXED)).isEqualTo(2);
    LoadMeasurement measured = LoadMeasurement.of(recorder, 3);
    assertThat(measured.invocations()).isEqualTo(1);
    assertThat(measured.failedInvocations()).isZero();
    assertThat(measured.recordsPerInvocation()).isEqualTo(2);
    assertThat(measured.lanes().get(2).share()).isPositive();
    assertThat(measured.lanes().get(0).share()).isZero();
  }

  @Test
  void recordsThatItDidNotProcessAreNotIndexed() {
    invoked(RECORDS, 1, recorder);
    assertThat(recorder.at(Moment.INDEXED, 0)).isPositive();
    assertThat(recorder.at(Moment.INDEXED, 1)).isZero();
    assertThat(LoadMeasurement.of(recorder, 3).failedInvocations()).isEqualTo(1);
  }

  @Test
  void aRemovalBelongsToTheDeletionAfterItsWrite() {
    WritePlan deleting = plan(new WriteMix(1, 0, 1));
    int removed =
        IntStream.range(0, deleting.size())
            .filter(write -> deleting.deletedBy(write) >= 0)
            .findFirst()
            .orElseThrow();
    var deletions = new RunRecorder(deleting, now::get);
    var number = AttributeValue.fromN(Integer.toString(removed));
    invoked(List.of(record(3, OperationType.REMOVE, Map.of("writeNumber", number))), 1, deletions);
    assertThat(deletions.at(Moment.INDEXED, deleting.deletedBy(removed))).isPositive();
    assertThat(deletions.count(Moment.INDEXED)).isEqualTo(1);
  }

  @Test
  void aWriteOutsideThePlanCountsAsAnInvocationOnly() {
    invoked(List.of(record(4, OperationType.INSERT, Map.of())), 1, recorder);
    assertThat(recorder.count(Moment.INDEXED)).isZero();
    assertThat(LoadMeasurement.of(recorder, 3).invocations()).isEqualTo(1);
  }

  @Test
  void lanesOfSeveralShardsAreApartAndThoseOfALaterShardAreTheSame() {
    Lanes lanes = new Lanes(2, 4);
    assertThat(lanes.number(new LaneId("a", 1))).isEqualTo(1);
    assertThat(lanes.number(new LaneId("b", 1))).isEqualTo(3);
    assertThat(lanes.number(new LaneId("a", 0))).isZero();
    assertThat(lanes.number(new LaneId("c", 1))).isEqualTo(1);
  }

  @Test
  void aThrottleIsNoInvocation() {
    new Recording(recorder, Instant.EPOCH, 0, new Lanes(3, 3))
        .observe(new MappingEvent.Throttled(LANE, 2));
    assertThat(LoadMeasurement.of(recorder, 3).invocations()).isZero();
  }

  private static void invoked(List<PolledRecord> records, int processed, RunRecorder recorder) {
    Instant start = Instant.EPOCH.plusMillis(200);
    new Recording(recorder, Instant.EPOCH, 0, new Lanes(3, 3))
        .observe(
            new MappingEvent.Invoked(
                LANE,
                records,
                processed,
                start,
                start.plusMillis(3),
                new InvocationResult.Succeeded("1", "")));
  }

  private static WritePlan plan(WriteMix mix) {
    return new Traffic(
            ArrivalProfile.steady(10, Duration.ofSeconds(1)),
            ArrivalPattern.CONSTANT,
            KeyDistribution.uniform(1000),
            mix,
            ItemSize.DEFAULT,
            1)
        .plan();
  }

  private static PolledRecord record(
      int number, OperationType operation, Map<String, AttributeValue> image) {
    boolean removal = operation == OperationType.REMOVE;
    return PolledRecord.of(
        "arn:of:no:stream",
        Record.builder()
            .eventName(operation)
            .dynamodb(
                change ->
                    change
                        .keys(Map.of())
                        .newImage(removal ? null : image)
                        .oldImage(removal ? image : null)
                        .approximateCreationDateTime(Instant.EPOCH)
                        .sequenceNumber(Integer.toString(number))
                        .sizeBytes(1L))
            .build());
  }
}
