package dev.utsushi.cli.dlq;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.operations.stack.OperationException;

/** Has a replay done, for as long as one invocation lasts. */
@FunctionalInterface
interface ReplayInvoker {
  /**
   * Waits for the reply.
   *
   * @throws OperationException if there is none
   * @throws InterruptedException when interrupted; what was asked for goes on nevertheless
   */
  ReplayReply invoke(ReplayRequest request) throws InterruptedException;
}
