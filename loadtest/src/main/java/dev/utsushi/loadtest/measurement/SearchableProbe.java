package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Searches for a sample of the changes as a reader does, until a search finds them: users wait
 * until the index's next refresh. One search for all of them every 100 ms, so that a time is up to
 * that much too long. The sample has no deletions and nothing that the next write deletes; what is
 * deleted later, before a search found it, is given up.
 */
public final class SearchableProbe implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** Enough changes per second for a p99, and a load that does not show. */
  private static final double SAMPLES_PER_SECOND = 20;

  private static final int MOST_AT_ONCE = 200;

  /** Finds items as a reader of the index does. */
  @FunctionalInterface
  public interface ItemReader {

    /**
     * Searches for items.
     *
     * @param items by their numbers in the plan
     * @return for each item that the search finds, the number of its latest write; empty if the
     *     index does not answer
     */
    Map<Integer, Integer> newestWrites(Set<Integer> items) throws InterruptedException;
  }

  private final Thread thread = Thread.ofVirtual().name("searchable-probe").unstarted(this::run);
  private final RunRecorder recorder;
  private final ItemReader reader;
  private final Moment expectedFrom;
  private final long longestNanos;
  private final Set<Integer> left;

  /**
   * @param expectedFrom the moment from which a write can be found: it was indexed or, where that
   *     is unknown, acknowledged
   * @param longest how long after that a change is searched for
   */
  public SearchableProbe(
      RunRecorder recorder, ItemReader reader, Moment expectedFrom, Duration longest) {
    this.recorder = recorder;
    this.reader = reader;
    this.expectedFrom = expectedFrom;
    longestNanos = longest.toNanos();
    left = new ConcurrentSkipListSet<>(sampleOf(recorder.plan()));
  }

  /** Returns the writes that are searched for, evenly spread over the plan. */
  static List<Integer> sampleOf(WritePlan plan) {
    double perSecond = plan.size() / (plan.endNanos() / 1e9);
    int stride = (int) Math.max(1, Math.ceil(perSecond / SAMPLES_PER_SECOND));
    List<Integer> sample = new ArrayList<>();
    for (int i = 0; i < plan.size(); i += stride) {
      if (plan.write(i).operation() != Operation.DELETE && plan.deletedBy(i) < 0) {
        sample.add(i);
      }
    }
    return sample;
  }

  public void start() {
    thread.start();
  }

  /** Returns how many are not found yet; it stays above zero if the index has lost some. */
  public int left() {
    return left.size();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        search();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void search() throws InterruptedException {
    List<Integer> searched =
        left.stream()
            .filter(write -> recorder.at(expectedFrom, write) > 0)
            .limit(MOST_AT_ONCE)
            .toList();
    if (!searched.isEmpty()) {
      Map<Integer, Integer> newest =
          reader.newestWrites(searched.stream().map(this::item).collect(Collectors.toSet()));
      long now = recorder.now();
      searched.stream()
          .filter(write -> isOver(write, newest.get(item(write)), now))
          .forEach(left::remove);
    }
  }

  private boolean isOver(int write, @Nullable Integer newest, long now) {
    if (newest != null && newest >= write) {
      recorder.record(Moment.FOUND, write, now);
      return true;
    }
    if (recorder.isDeletedSince(write)) {
      recorder.deletedBeforeFound(write);
      return true;
    }
    return now - recorder.at(expectedFrom, write) > longestNanos;
  }

  private int item(int write) {
    return recorder.plan().write(write).item();
  }

  /** Ends the search; one in progress ends by itself. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
