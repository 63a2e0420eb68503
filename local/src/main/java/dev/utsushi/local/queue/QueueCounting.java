package dev.utsushi.local.queue;

import dev.utsushi.local.lambda.InvocationResult;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a mapping does, and tells the listener. */
final class QueueCounting {

  private final LongAdder received = new LongAdder();
  private final LongAdder invocations = new LongAdder();
  private final LongAdder failedInvocations = new LongAdder();
  private final LongAdder throttles = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private final LongAdder returned = new LongAdder();
  private final QueueMappingListener listener;

  QueueCounting(QueueMappingListener listener) {
    this.listener = listener;
  }

  void received(int messages) {
    received.add(messages);
  }

  void invoked(int batchSize, InvocationResult result) {
    (result instanceof InvocationResult.Throttled ? throttles : invocations).increment();
    listener.invoked(batchSize, result);
  }

  void failed() {
    failedInvocations.increment();
  }

  void deleted(int messages) {
    deleted.add(messages);
  }

  void returned(int messages) {
    returned.add(messages);
  }

  void problem(String where, Exception cause) {
    listener.problem(where, cause);
  }

  QueueMappingCounters counters() {
    return new QueueMappingCounters(
        received.sum(),
        invocations.sum(),
        failedInvocations.sum(),
        throttles.sum(),
        deleted.sum(),
        returned.sum());
  }
}
