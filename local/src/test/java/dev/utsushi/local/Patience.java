package dev.utsushi.local;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits long enough for other threads on a slow machine. */
public final class Patience {
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Patience() {}

  public static ConditionFactory await() {
    return Awaitility.await().pollInterval(INTERVAL).atMost(LONG_ENOUGH);
  }
}
