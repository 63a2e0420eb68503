package dev.utsushi.cli.load;

import dev.utsushi.loadtest.measurement.DeliveredChange;
import dev.utsushi.loadtest.measurement.InvocationRecord;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.Throttled;
import dev.utsushi.local.mapping.LaneId;
import dev.utsushi.local.mapping.MappingListener;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the event source mapping and the function, and notes which changes an invocation
 * settled, and when. The mapping says afterwards, on the same thread, which lane it was.
 */
final class InvocationWatch implements Invocable, MappingListener {

  /** An invocation whose lane is not known yet. */
  private record Watched(long startNanos, int records, Duration iteratorAge, boolean failed) {}

  /** A lane is a thread, and of one mapping: runs don't meet here. */
  private static final ThreadLocal<@Nullable Watched> LAST = new ThreadLocal<>();

  private final Invocable function;
  private volatile @Nullable RunRecorder recorder;

  InvocationWatch(Invocable function) {
    this.function = function;
  }

  /** From now on; what happens before is a warm-up. */
  void recordTo(RunRecorder recorder) {
    this.recorder = recorder;
  }

  /** What happens from now on is the end, not the test. */
  void stopRecording() {
    recorder = null;
  }

  @Override
  public InvocationResult invoke(byte[] payload) throws InterruptedException {
    RunRecorder recording = recorder;
    if (recording == null) {
      return function.invoke(payload);
    }
    List<DeliveredChange> changes = DeliveredChange.of(payload);
    long start = recording.now();
    Duration age = recording.ageOf(recording.writeOf(changes.getLast()));
    InvocationResult result = function.invoke(payload);
    int settled =
        result instanceof Succeeded(String _, String reply)
            ? DeliveredChange.settledBy(reply, changes)
            : 0;
    recording.indexed(changes.subList(0, settled));
    LAST.set(
        result instanceof Throttled
            ? null
            : new Watched(start, changes.size(), age, settled < changes.size()));
    return result;
  }

  @Override
  public void invoked(
      LaneId lane,
      int batchSize,
      Duration iteratorAge,
      Duration duration,
      InvocationResult result) {
    RunRecorder recording = recorder;
    Watched watched = LAST.get();
    LAST.remove();
    if (recording != null && watched != null) {
      recording.invoked(
          new InvocationRecord(
              lane.index(),
              watched.startNanos(),
              watched.startNanos() + duration.toNanos(),
              watched.records(),
              watched.iteratorAge(),
              watched.failed()));
    }
  }

  @Override
  public String arn() {
    return function.arn();
  }
}
