package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
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

  private final Thread command = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Duration cleanUp;
  private volatile boolean interrupted;

  private Interruption(Duration cleanUp) {
    this.cleanUp = cleanUp;
  }

  /** Runs the command on this thread. */
  static int during(Terminal terminal, Callable<Integer> command) throws Exception {
    return during(terminal, CLEAN_UP, command);
  }

  /** With another time to clean up in. */
  static int during(Terminal terminal, Duration cleanUp, Callable<Integer> command)
      throws Exception {
    var interruption = new Interruption(cleanUp);
    Thread hook = new Thread(interruption::interrupt, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return command.call();
    } catch (Exception e) {
      if (!interruption.interrupted) {
        throw e;
      }
      // Whatever an interrupted client throws: the user knows why.
      terminal.line("stopped");
      return ExitCode.INTERRUPTED;
    } finally {
      interruption.done.countDown();
      stopListening(hook);
    }
  }

  private void interrupt() {
    interrupted = true;
    command.interrupt();
    try {
      if (!done.await(cleanUp.toSeconds(), TimeUnit.SECONDS)) {
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
