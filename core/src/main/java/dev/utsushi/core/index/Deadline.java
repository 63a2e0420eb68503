package dev.utsushi.core.index;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The moment by which the work of an invocation must be over. */
public record Deadline(Instant at, InstantSource clock) {

  /** The deadline that comes when the given time has passed. */
  public static Deadline in(Duration time, InstantSource clock) {
    return new Deadline(clock.instant().plus(time), clock);
  }

  /** The time that is left; negative when there is none. */
  public Duration remaining() {
    return Duration.between(clock.instant(), at);
  }
}
