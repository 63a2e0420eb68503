package dev.utsushi.core.index;

import java.util.Set;

/** The contract, on the reference. */
final class InMemoryIndexTest implements IndexContract {
  @Override
  public IndexUnderTest open(String... dateAttributes) {
    return new InMemoryIndex(Set.of(dateAttributes));
  }
}
