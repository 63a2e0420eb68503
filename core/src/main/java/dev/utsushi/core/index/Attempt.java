package dev.utsushi.core.index;

import dev.utsushi.core.document.DocumentWrite;
import java.util.Set;

/**
 * One try at a write.
 *
 * @param overflow attributes that are not to be fields
 * @param refines whether it may replace a document of the same version: one that an earlier try of
 *     the same write left with more in overflow than need be
 */
record Attempt(DocumentWrite write, Set<String> overflow, boolean refines) {

  static Attempt whole(DocumentWrite write) {
    return new Attempt(write, Set.of(), false);
  }
}
