package dev.utsushi.core.index;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
public interface Sleeper {
  /** The thread's own sleep. */
  Sleeper THREAD = Thread::sleep;

  /** Returns when the time has passed. */
  void sleep(Duration duration) throws InterruptedException;
}
