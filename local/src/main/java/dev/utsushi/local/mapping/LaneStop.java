package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends a lane's waits at once but lets an invocation under way come to its result: cut short, its
 * records would be processed and yet not settled, and come again after a restart.
 */
final class LaneStop {

  private final Lock invoking = new ReentrantLock();
  private volatile boolean stopping;

  /** Interrupts the lane's thread, unless it invokes: then it stops after that invocation. */
  void stop(Thread lane) {
    stopping = true;
    if (invoking.tryLock()) {
      try {
        lane.interrupt();
      } finally {
        invoking.unlock();
      }
    }
  }

  Sleeper guard(Sleeper sleeper) {
    return duration -> {
      throwIfStopping();
      sleeper.sleep(duration);
    };
  }

  Invocable guard(Invocable function) {
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
