package dev.utsushi.outbox.relay;

import dev.utsushi.outbox.protocol.EventState;
import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;
import java.time.Duration;

/**
 * How long a poller leaves an event alone, from when it first saw it as it is.
 *
 * @param grace a new event, for the stream relay; zero if there is none
 * @param lease an event that a poller has claimed
 * @param firstBackoff an event after its first attempt; twice as long after each other one
 * @param longestBackoff and no longer
 */
public record Patience(
    Duration grace, Duration lease, Duration firstBackoff, Duration longestBackoff) {
  private static final int MOST_DOUBLINGS = 20;

  /** For a poller beside a stream relay. */
  public static final Patience FALLBACK =
      new Patience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(2));

  /** For a poller alone. */
  public static final Patience ALONE =
      new Patience(Duration.ZERO, FALLBACK.lease, FALLBACK.firstBackoff, FALLBACK.longestBackoff);

  Duration with(EventState state) {
    return switch (state) {
      case Written(int attempts, _) -> attempts == 0 ? grace : backoff(attempts);
      case Leased _ -> lease;
      case Waiting _, Marked _, Parked _, Discarded _ -> Duration.ZERO;
    };
  }

  private Duration backoff(int attempts) {
    Duration doubled = firstBackoff.multipliedBy(1L << Math.min(attempts - 1, MOST_DOUBLINGS));
    return doubled.compareTo(longestBackoff) < 0 ? doubled : longestBackoff;
  }
}
