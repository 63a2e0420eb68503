package dev.utsushi.cli.chaos;

import java.util.Optional;

/**
 * Something that should not be.
 *
 * @param item whose history explains it, where it is one item's
 */
record Finding(String what, Optional<ItemName> item) {

  static Finding about(ItemName item, String what) {
    return new Finding(item.text() + ": " + what, Optional.of(item));
  }

  static Finding general(String what) {
    return new Finding(what, Optional.empty());
  }
}
