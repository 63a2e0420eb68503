package dev.utsushi.outbox.protocol;

/**
 * What the table says of an event. That an event is published, and not marked yet, only the relay
 * knows that published it: see {@link KeyRun}.
 */
public sealed interface EventState {

  /**
   * Nobody is publishing it, as far as the table knows; the stream relay may be.
   *
   * @param attempts how often it was claimed
   * @param refusals how often the broker refused it for good
   */
  record Written(int attempts, int refusals) implements EventState {
    public static final Written NEW = new Written(0, 0);
  }

  /** A poller has claimed it. If that poller is gone, another one takes it over. */
  record Leased(int attempts, int refusals) implements EventState {}

  /** The broker has it. It has left the index and expires. */
  record Marked() implements EventState {}

  /** The broker refused it too often: it waits for an operator. */
  record Parked(int refusals) implements EventState {}

  /** It waits behind a parked event of its key, out of the way of other keys. */
  record Waiting() implements EventState {}

  /** An operator gave it up. */
  record Discarded() implements EventState {}

  /** What a key does whose event is parked. */
  enum OnParked {
    /** Its later events wait until an operator decides. */
    KEY_WAITS,
    /** Its later events are published. */
    KEY_GOES_ON
  }

  /** Whether later events of the key may be published. */
  default boolean lets(OnParked onParked) {
    return switch (this) {
      case Marked(), Discarded() -> true;
      case Parked _ -> onParked == OnParked.KEY_GOES_ON;
      case Written _, Leased _, Waiting _ -> false;
    };
  }

  /** Returns the state as a poller claims it. */
  default Leased claimed() {
    return switch (this) {
      case Written(int attempts, int refusals) -> new Leased(attempts + 1, refusals);
      case Leased(int attempts, int refusals) -> new Leased(attempts + 1, refusals);
      case Waiting _ -> new Leased(1, 0);
      case Marked _, Parked _, Discarded _ ->
          throw new IllegalStateException("Nobody claims an event that is " + this);
    };
  }
}
