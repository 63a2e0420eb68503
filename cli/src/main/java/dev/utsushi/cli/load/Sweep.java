package dev.utsushi.cli.load;

import dev.utsushi.testbed.search.SearchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;

/** Goes over numbers, some at a time, round and round until all are done or nothing moves. */
final class Sweep {
  private static final int AT_ONCE = 500;
  private static final long INTERVAL_MILLIS = 100;

  /** Looks whether some are done. */
  interface Look {
    /** Those of the numbers that are. */
    Collection<Integer> done(List<Integer> numbers) throws InterruptedException;
  }

  private final BitSet left;
  private final Look look;
  private final int atOnce;
  private int next;

  /**
   * @param left what is still to be done; what is done is taken out of it
   */
  Sweep(BitSet left, Look look) {
    this(left, look, AT_ONCE);
  }

  /** With another number at a time. */
  Sweep(BitSet left, Look look, int atOnce) {
    this.left = left;
    this.look = look;
    this.atOnce = atOnce;
  }

  /**
   * Until all are done, or none has been for so long.
   *
   * @param progress is told how many are left
   */
  void run(Duration standstill, IntConsumer progress) throws InterruptedException {
    long lastMove = System.nanoTime();
    while (!left.isEmpty()) {
      progress.accept(left.cardinality());
      List<Integer> looked = following();
      int done = step(looked);
      if (done > 0) {
        lastMove = System.nanoTime();
      } else if (System.nanoTime() - lastMove > standstill.toNanos()) {
        return;
      }
      if (done < looked.size()) {
        Thread.sleep(INTERVAL_MILLIS);
      }
    }
  }

  /** Looks at each once. */
  void once() throws InterruptedException {
    int rounds = Math.ceilDiv(left.cardinality(), atOnce);
    for (int i = 0; i < rounds && !left.isEmpty(); i++) {
      step(following());
    }
  }

  private int step(List<Integer> looked) throws InterruptedException {
    try {
      Collection<Integer> done = look.done(looked);
      done.forEach(left::clear);
      return done.size();
    } catch (SearchException _) {
      // The engine has other things to do: none is done, and if it stays so, nothing moves.
      return 0;
    }
  }

  /** Where the last look ended, so that some which are never done don't hide the others. */
  private List<Integer> following() {
    List<Integer> numbers = new ArrayList<>();
    int number = left.nextSetBit(next);
    while (number >= 0 && numbers.size() < atOnce) {
      numbers.add(number);
      next = number + 1;
      number = left.nextSetBit(next);
    }
    if (number < 0) {
      next = 0;
    }
    return numbers.isEmpty() ? following() : numbers;
  }
}
