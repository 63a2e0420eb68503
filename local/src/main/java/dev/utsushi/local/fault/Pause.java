package dev.utsushi.local.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** A wait on a thread of the proxy. */
final class Pause {
  private Pause() {}

  static void of(Duration duration) throws IOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The proxy was interrupted");
    }
  }
}
