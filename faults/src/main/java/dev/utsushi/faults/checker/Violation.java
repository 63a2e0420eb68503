package dev.utsushi.faults.checker;

import dev.utsushi.faults.history.ItemName;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that must not happen.
 *
 * @param item the one whose history explains it, if there is one
 * @param at when it happened; empty if it was found in the final state
 */
public record Violation(String what, Optional<ItemName> item, Optional<Instant> at) {

  static Violation of(ItemName item, String what) {
    return new Violation(item.text() + ": " + what, Optional.of(item), Optional.empty());
  }

  static Violation general(String what) {
    return new Violation(what, Optional.empty(), Optional.empty());
  }

  Violation at(Instant moment) {
    return new Violation(what, item, Optional.of(moment));
  }
}
