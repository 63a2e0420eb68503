package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.loadtest.traffic.WritePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a sample of the changes as a reader would, until a search finds them: what people wait
 * for ends with the index's next refresh. One search for all of them every 100 ms, so a time is up
 * to that much too long. Deletions are not in the sample, nor what is deleted next; what is deleted
 * later, but before a search found it, is given up.
 */
public final class SearchableProbe implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** So many changes a second are enough for a p99, and a load that does not show. */
  private static final double SAMPLES_PER_SECOND = 20;

  private static final int MOST_AT_ONCE = 200;

  /** What is not found so long after it is indexed is not waited for any more. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final List<Integer> waiting = new ArrayList<>();
  private final Thread thread = Thread.ofVirtual().name("searchable-probe").unstarted(this::run);
  private final RunRecorder recorder;
  private final ItemReader reader;
  private final IntToLongFunction expectedFrom;
  private final long longestNanos;
  private final List<Integer> unindexed;
  private volatile int left;

  /** Looks for a change from the moment on at which it is indexed. */
  public SearchableProbe(RunRecorder recorder, ItemReader reader) {
    this(recorder, reader, recorder::indexedAt, LONGEST);
  }

  /**
   * Looks for a change from the moment on at which the table took it: for a pipeline that does not
   * tell when it indexed.
   *
   * @param longest what is not found by then is not waited for any more
   */
  public static SearchableProbe fromAcknowledgement(
      RunRecorder recorder, ItemReader reader, Duration longest) {
    return new SearchableProbe(recorder, reader, recorder.times()::acknowledgedAt, longest);
  }

  private SearchableProbe(
      RunRecorder recorder, ItemReader reader, IntToLongFunction expectedFrom, Duration longest) {
    this.recorder = recorder;
    this.reader = reader;
    this.expectedFrom = expectedFrom;
    longestNanos = longest.toNanos();
    unindexed = sampleOf(recorder.plan());
    left = unindexed.size();
  }

  /** The writes that are looked for: evenly spread over the plan. */
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

  /** How many are still to be found; falls to zero, or stays where the index has lost some. */
  public int left() {
    return left;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void look() throws InterruptedException {
    unindexed.removeIf(write -> expectedFrom.applyAsLong(write) > 0 && waiting.add(write));
    if (waiting.isEmpty()) {
      return;
    }
    List<Integer> looked = waiting.subList(0, Math.min(waiting.size(), MOST_AT_ONCE));
    Set<Integer> items = new HashSet<>();
    looked.forEach(write -> items.add(item(write)));
    Map<Integer, Integer> newest = new HashMap<>(reader.newestWrites(items));
    long now = recorder.now();
    looked.removeIf(write -> isOver(write, newest.get(item(write)), now));
    left = waiting.size() + unindexed.size();
  }

  private boolean isOver(int write, @Nullable Integer newest, long now) {
    if (newest != null && newest >= write) {
      recorder.found(write, now);
      return true;
    }
    if (recorder.isDeletedSince(write)) {
      recorder.overtaken(write);
      return true;
    }
    return now - expectedFrom.applyAsLong(write) > longestNanos;
  }

  private int item(int write) {
    PlannedWrite planned = recorder.plan().write(write);
    return planned.item();
  }

  /** Stops looking, soon: a look under way ends by itself. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
