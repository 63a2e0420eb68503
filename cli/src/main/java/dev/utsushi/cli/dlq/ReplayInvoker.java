package dev.utsushi.cli.dlq;

import dev.utsushi.cli.stack.StackException;
import dev.utsushi.deadletter.ReplayReply;
import dev.utsushi.deadletter.ReplayRequest;

/** Has a replay done, for as long as one invocation lasts. */
@FunctionalInterface
interface ReplayInvoker {
  /**
   * Waits for the reply.
   *
   * @throws StackException if there is none
   * @throws InterruptedException when interrupted; what was asked for goes on nevertheless
   */
  ReplayReply invoke(ReplayRequest request) throws InterruptedException;
}
