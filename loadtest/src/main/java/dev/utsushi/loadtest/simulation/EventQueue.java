package dev.utsushi.loadtest.simulation;

import java.util.Arrays;

/**
 * What will happen when, earliest first; of events at the same moment, the one added first. A
 * binary heap of plain numbers: it is the simulation's inner loop.
 */
final class EventQueue {
  private long[] times = new long[64];
  private long[] events = new long[64];
  private int size;
  private long added;
  private long now;

  /** When the event that was taken last happens, in nanoseconds. */
  long now() {
    return now;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * @param event up to 24 bits
   */
  void add(long nanos, int event) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      events = Arrays.copyOf(events, size * 2);
    }
    // The order of adding stands in the high bits, so that comparing compares it.
    siftUp(size++, nanos, added++ << 24 | event);
  }

  int take() {
    now = times[0];
    int event = (int) (events[0] & 0xFFFFFF);
    size--;
    if (size > 0) {
      siftDown(times[size], events[size]);
    }
    return event;
  }

  private void siftUp(int from, long time, long event) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!before(time, event, parent)) {
        break;
      }
      times[at] = times[parent];
      events[at] = events[parent];
      at = parent;
    }
    times[at] = time;
    events[at] = event;
  }

  private void siftDown(long time, long event) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && before(times[child + 1], events[child + 1], child)) {
        child++;
      }
      if (before(time, event, child)) {
        break;
      }
      times[at] = times[child];
      events[at] = events[child];
      at = child;
    }
    times[at] = time;
    events[at] = event;
  }

  private boolean before(long time, long event, int other) {
    return time != times[other] ? time < times[other] : event < events[other];
  }
}
