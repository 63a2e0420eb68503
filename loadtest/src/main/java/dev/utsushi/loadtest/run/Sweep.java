package dev.utsushi.loadtest.run;

import dev.utsushi.testbed.search.SearchException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** Checks a set of numbers a page at a time, round and round, and removes those that are done. */
final class Sweep {

  /** Returns which of the numbers are done. */
  interface Check {
    Collection<Integer> done(List<Integer> numbers) throws InterruptedException;
  }

  private final BitSet left;
  private final Check check;
  private final int pageSize;
  private int next;

  /**
   * @param left loses the numbers that are done
   */
  Sweep(BitSet left, int pageSize, Check check) {
    this.left = left;
    this.pageSize = pageSize;
    this.check = check;
  }

  /** Checks the next page; returns how many numbers are left. */
  int step() throws InterruptedException {
    try {
      check.done(nextPage()).forEach(left::clear);
    } catch (SearchException _) {
      // The engine is busy or away: nothing is done in this step.
    }
    return left.cardinality();
  }

  /** Checks each number once. */
  void once() throws InterruptedException {
    for (int pages = Math.ceilDiv(left.cardinality(), pageSize); pages > 0; pages--) {
      step();
    }
  }

  /** Continues after the last page, so that numbers which are never done hide no others. */
  private List<Integer> nextPage() {
    List<Integer> page = new ArrayList<>();
    for (int number = left.nextSetBit(next);
        number >= 0 && page.size() < pageSize;
        number = left.nextSetBit(next)) {
      page.add(number);
      next = number + 1;
    }
    if (page.size() < pageSize) {
      next = 0;
    }
    return page;
  }
}
