package dev.utsushi.loadtest.run;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Deletes the items of a test at a rate, because a deletion is a change too and delays the changes
 * of others. Then waits until readers find none of their documents.
 */
final class CleanUp {

  /** How long a user who pressed Ctrl-C waits for the deletions, whatever that does to the lag. */
  private static final Duration HURRIED_DELETION = Duration.ofMinutes(2);

  private static final int DELETIONS_AT_ONCE = 50;

  private final TestItems items;
  private final DocumentSearch documents;
  private final double perSecond;
  private final LoadListener listener;
  private final AtomicReference<@Nullable SdkException> firstFailure = new AtomicReference<>();
  private volatile boolean hurry;

  CleanUp(TestItems items, DocumentSearch documents, double perSecond, LoadListener listener) {
    this.items = items;
    this.documents = documents;
    this.perSecond = perSecond;
    this.listener = listener;
  }

  /** Deletes the rest as fast as a user who waits for it expects. */
  void hurry() {
    hurry = true;
  }

  StackTarget.Remains run() throws InterruptedException {
    Set<Integer> inIndex = new HashSet<>(items.written());
    int all = inIndex.size();
    try (var deletions =
        Executors.newFixedThreadPool(DELETIONS_AT_ONCE, Thread.ofVirtual().factory())) {
      int count = 0;
      for (int number : inIndex) {
        listener.status("deleting the test's items: %,d of %,d".formatted(++count, all));
        deletions.execute(() -> delete(number));
        Thread.sleep(interval(all));
      }
    }
    inIndex.removeAll(items.written());
    int left =
        Standstill.await(
            () -> StackTarget.sweep(inIndex, StackTarget.PAGE_SIZE, this::gone),
            LoadTest.STANDSTILL,
            count -> listener.status("waiting until %,d documents are gone".formatted(count)));
    return new StackTarget.Remains(items.written().size(), left, firstFailure.get());
  }

  private Duration interval(int all) {
    Duration interval = Duration.ofNanos(Math.round(1e9 / perSecond));
    Duration hurried = HURRIED_DELETION.dividedBy(all);
    return hurry && hurried.compareTo(interval) < 0 ? hurried : interval;
  }

  private void delete(int number) {
    try {
      var _ = items.delete(number);
    } catch (SdkException e) {
      // The SDK has retried it; the caller reports what is left.
      firstFailure.compareAndSet(null, e);
    }
  }

  private Set<Integer> gone(Collection<Integer> numbers) throws InterruptedException {
    Set<Integer> gone = new HashSet<>(numbers);
    gone.removeAll(documents.find(numbers, "_replication").keySet());
    return gone;
  }
}
