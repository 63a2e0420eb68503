package dev.utsushi.local.template;

import dev.utsushi.local.queue.QueueEventSourceMapping;
import dev.utsushi.local.queue.QueueMappingCounters;
import dev.utsushi.local.queue.QueueMappingSettings;

/** An event source mapping from a queue of a running template. */
public final class RunningQueueMapping {
  private final Planned.QueueMapping planned;
  private final RunningQueue queue;
  private final RunningFunction function;
  private final QueueEventSourceMapping mapping;

  RunningQueueMapping(
      Planned.QueueMapping planned,
      RunningQueue queue,
      RunningFunction function,
      QueueEventSourceMapping mapping) {
    this.planned = planned;
    this.queue = queue;
    this.function = function;
    this.mapping = mapping;
  }

  public String logicalId() {
    return planned.logicalId();
  }

  /** The queue that is polled. */
  public RunningQueue queue() {
    return queue;
  }

  public RunningFunction function() {
    return function;
  }

  public QueueMappingSettings settings() {
    return planned.settings();
  }

  /** What it has done since it started; nothing, if the template has it disabled. */
  public QueueMappingCounters counters() {
    return mapping.counters();
  }
}
