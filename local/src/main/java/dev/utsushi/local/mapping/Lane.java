package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.MappingEvent.LaneId;
import dev.utsushi.local.stream.PolledRecord;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One of a shard's concurrent batches: a thread that processes them one after the other. */
final class Lane {

  private final Lock invoking = new ReentrantLock();
  private final LaneBuffer buffer;
  private final BatchProcessor processor;
  private final Thread thread;
  private final MappingContext context;
  private final LaneId id;
  private volatile boolean stopping;

  /**
   * @param settled receives the records that the lane is done with
   */
  Lane(MappingContext context, LaneId id, Consumer<List<PolledRecord>> settled) {
    this.context = context;
    this.id = id;
    var settings = context.settings();
    buffer = new LaneBuffer(settings.batchSize(), settings.batchingWindow(), System::nanoTime);
    processor = new BatchProcessor(stoppable(context), id, settled);
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

  /**
   * Stops before the next invocation. Interrupts the thread unless it is invoking: the records of
   * an invocation that is cut short would be processed but not settled, and come again after a
   * restart. Closes the buffer too, because a client library may have swallowed the interrupt.
   */
  void stop() {
    stopping = true;
    if (invoking.tryLock()) {
      try {
        thread.interrupt();
      } finally {
        invoking.unlock();
      }
    }
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

  private MappingContext stoppable(MappingContext original) {
    return original
        .withFunction(stoppable(original.function()))
        .withSleeper(
            duration -> {
              throwIfStopping();
              original.sleeper().sleep(duration);
            });
  }

  private Invocable stoppable(Invocable function) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] payload) throws InterruptedException {
        invoking.lock();
        try {
          throwIfStopping();
          return function.invoke(payload);
        } finally {
          invoking.unlock();
        }
      }

      @Override
      public String arn() {
        return function.arn();
      }

      @Override
      public String executedVersion() {
        return function.executedVersion();
      }
    };
  }

  private void throwIfStopping() throws InterruptedException {
    if (stopping) {
      throw new InterruptedException("The mapping is closing");
    }
  }
}
