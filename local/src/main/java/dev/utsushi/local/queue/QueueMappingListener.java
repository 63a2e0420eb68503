package dev.utsushi.local.queue;

import dev.utsushi.local.lambda.InvocationResult;

/**
 * Is told what a queue's mapping does, as it does it, on the thread that does it: be quick, and
 * safe for use by many threads.
 */
public interface QueueMappingListener {

  /** An invocation ended, or was throttled. */
  default void invoked(int batchSize, InvocationResult result) {}

  /** The function was not invoked, or the queue did not answer; the mapping tries again. */
  default void problem(String where, Exception cause) {}
}
