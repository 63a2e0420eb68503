package dev.utsushi.core.index;

/** What the engine said to one {@link Attempt}. */
sealed interface Reply {

  /** The document now stands at the attempt's version. */
  record Written() implements Reply {}

  /** The same version or a newer one stands. */
  record Standing() implements Reply {}

  /** Not now: the same attempt may succeed later. */
  record Unavailable(String cause) implements Reply {}

  /** Not this content: the mapping has no place for it. */
  record Unfit(String cause) implements Reply {}

  /** Too much for one request. */
  record TooLarge(String cause) implements Reply {}

  /** Never, until somebody changes what the cause names. */
  record Refused(String cause) implements Reply {}
}
