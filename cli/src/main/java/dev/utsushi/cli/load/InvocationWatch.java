package dev.utsushi.cli.load;

import dev.utsushi.loadtest.measurement.DeliveredChange;
import dev.utsushi.loadtest.measurement.InvocationRecord;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.local.mapping.MappingEvent;
import dev.utsushi.local.mapping.MappingEvent.Invoked;
import dev.utsushi.local.stream.PolledRecord;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;

/** Records which changes an invocation processed, and when. */
final class InvocationWatch implements Consumer<MappingEvent> {

  private volatile @Nullable RunRecorder recorder;

  /** Starts to record; what happens before is a warm-up. */
  void recordTo(RunRecorder recorder) {
    this.recorder = recorder;
  }

  /** Ends recording; what happens from now on is no part of the test. */
  void stopRecording() {
    recorder = null;
  }

  @Override
  public void accept(MappingEvent event) {
    RunRecorder recording = recorder;
    if (recording != null && event instanceof Invoked invoked) {
      record(invoked, recording);
    }
  }

  private static void record(Invoked invoked, RunRecorder recording) {
    List<DeliveredChange> changes =
        invoked.records().stream().map(InvocationWatch::change).toList();
    long end = recording.now();
    Duration took = Duration.between(invoked.start(), invoked.end());
    Duration ageAtEnd = recording.ageOf(recording.writeOf(changes.getLast()));
    recording.indexed(changes.subList(0, invoked.processed()));
    recording.invoked(
        new InvocationRecord(
            invoked.lane().index(),
            end - took.toNanos(),
            end,
            changes.size(),
            ageAtEnd.compareTo(took) > 0 ? ageAtEnd.minus(took) : Duration.ZERO,
            invoked.failed()));
  }

  private static DeliveredChange change(PolledRecord polled) {
    var change = polled.record().dynamodb();
    boolean removal = polled.record().eventName() == OperationType.REMOVE;
    var image = removal ? change.oldImage() : change.newImage();
    @Nullable AttributeValue number = image.get(DeliveredChange.WRITE_NUMBER);
    return new DeliveredChange(
        polled.sequenceNumber(), number == null ? -1 : Integer.parseInt(number.n()), removal);
  }
}
