package dev.utsushi.stream;

import dev.utsushi.core.change.Change;

/** What a stream record turned out to be. */
public sealed interface Decoded {

  /** A change to be written. */
  record Changed(Change change) implements Decoded {}

  /** An expiry that leaves the document as it is: nothing is to be done. */
  record ExpiryKept() implements Decoded {}

  /**
   * A record that can't be understood, and so must not pass as done.
   *
   * @param problem what is wrong with it and what to change; holds no item content
   */
  record Unreadable(String problem) implements Decoded {}
}
