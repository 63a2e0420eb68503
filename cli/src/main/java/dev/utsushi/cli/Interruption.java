package dev.utsushi.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command clean up on Ctrl-C. The JVM ends as soon as its shutdown hooks have, so a hook
 * interrupts the command and waits until it is done; the exit code (130) is the JVM's own.
 */
final class Interruption {
  private static final Duration CLEAN_UP = Duration.ofSeconds(30);

  private Interruption() {}

  static int during(Callable<Integer> command) throws Exception {
    Thread thread = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> interrupt(thread, done), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return command.call();
    } finally {
      done.countDown();
      stopListening(hook);
    }
  }

  private static void interrupt(Thread command, CountDownLatch done) {
    command.interrupt();
    try {
      if (!done.await(CLEAN_UP.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("utsushi: not everything could be stopped in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stopListening(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is shutting down: it is the hook that brought us here.
    }
  }
}
