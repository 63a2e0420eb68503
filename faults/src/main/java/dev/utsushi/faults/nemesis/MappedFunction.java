package dev.utsushi.faults.nemesis;

import dev.utsushi.local.stream.CheckpointStore;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** The replication function, which event source mappings invoke. */
public final class MappedFunction implements StreamConsumer {
  private static final int MOST_PAST_CHECKPOINTS = 20;

  private final EmbeddedPipeline pipeline;
  private final Deque<CheckpointStore> past = new ArrayDeque<>();
  private CheckpointStore checkpoints = new CheckpointStore();

  public MappedFunction(EmbeddedPipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public synchronized void start(String streamArn) {
    pipeline.startMapping(streamArn, checkpoints);
  }

  @Override
  public synchronized void rememberCheckpoints() {
    if (past.size() == MOST_PAST_CHECKPOINTS) {
      past.removeFirst();
    }
    past.addLast(checkpoints.copy());
  }

  @Override
  public int kill() {
    return pipeline.killFunction();
  }

  @Override
  public synchronized void restartFromOldCheckpoint(Random random, List<String> streamArns) {
    pipeline.stopMappings();
    checkpoints =
        past.isEmpty()
            ? new CheckpointStore()
            : List.copyOf(past).get(random.nextInt(past.size())).copy();
    streamArns.forEach(this::start);
  }

  @Override
  public void stop() {
    pipeline.stopMappings();
  }
}
