package dev.utsushi.loadtest.measurement;

import java.util.Map;
import java.util.Set;

/** Finds items as a reader of the index does. */
@FunctionalInterface
public interface ItemReader {

  /**
   * Searches for items.
   *
   * @param items by their numbers in the plan
   * @return of those that a search finds now, the number of the write that left them so; empty when
   *     the index could not be asked
   */
  Map<Integer, Integer> newestWrites(Set<Integer> items) throws InterruptedException;
}
