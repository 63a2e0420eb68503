package dev.utsushi.local.mapping;

import java.util.List;
import java.util.Optional;

/** One of a shard's concurrent batches: a thread that processes them one after the other. */
final class Lane {

  private final LaneStop stop = new LaneStop();
  private final LaneBuffer buffer;
  private final BatchProcessor processor;
  private final Thread thread;
  private final MappingContext context;
  private final LaneId id;

  Lane(MappingContext context, LaneId id, RecordSettler settler) {
    this.context = context;
    this.id = id;
    var settings = context.settings();
    buffer = new LaneBuffer(settings.batchSize(), settings.batchingWindow(), System::nanoTime);
    processor = new BatchProcessor(context.within(stop), id, settler);
    thread =
        Thread.ofVirtual().name("lane-" + id.shardId() + "-" + id.index()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void add(List<StreamRecord> records) {
    buffer.addAll(records);
  }

  /** Waits until everything added is settled; nothing may be added after. */
  void drain() throws InterruptedException {
    buffer.close();
    thread.join();
  }

  /**
   * Stops before the next invocation, whatever waits. The buffer is closed too: a client library on
   * the way may have swallowed the interrupt.
   */
  void stop() {
    stop.stop(thread);
    buffer.close();
  }

  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try {
      for (Optional<Batch> batch = buffer.take(); batch.isPresent(); batch = buffer.take()) {
        processor.process(batch.get());
      }
    } catch (InterruptedException _) {
      // Stopped: what is unsettled stays behind the checkpoint.
    } catch (RuntimeException e) {
      context.listener().problem(id + " stands still", e);
    }
  }
}
