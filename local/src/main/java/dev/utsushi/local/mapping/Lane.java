package dev.utsushi.local.mapping;

import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.stream.PolledRecord;
import java.util.List;
import java.util.function.Consumer;

/** One of a shard's concurrent batches: a thread that processes them one after the other. */
final class Lane {

  private final LaneBuffer buffer;
  private final BatchProcessor processor;
  private final Thread thread;
  private final MappingContext context;
  private final LaneId id;

  /**
   * @param settled receives the records that the lane is done with
   */
  Lane(MappingContext context, LaneId id, Consumer<List<PolledRecord>> settled) {
    this.context = context;
    this.id = id;
    var settings = context.settings();
    buffer = new LaneBuffer(settings.batchSize(), settings.batchingWindow(), System::nanoTime);
    processor = new BatchProcessor(context, id, settled);
    thread =
        Thread.ofVirtual().name("lane-" + id.shardId() + "-" + id.index()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void add(List<PolledRecord> records) {
    buffer.addAll(records);
  }

  /** Waits until everything added is settled; nothing may be added afterwards. */
  void drain() throws InterruptedException {
    buffer.close();
    thread.join();
  }

  /** Stops before the next invocation; unsettled records come again after a restart. */
  void stop() {
    processor.stop(thread);
    // A client library may have swallowed the interrupt.
    buffer.close();
  }

  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try {
      for (var batch = buffer.take(); batch.isPresent(); batch = buffer.take()) {
        processor.process(batch.get());
      }
    } catch (InterruptedException _) {
      // Stopped: unsettled records stay behind the checkpoint.
    } catch (RuntimeException e) {
      context.report(new MappingEvent.Problem(id + " has stopped", e));
    }
  }
}
