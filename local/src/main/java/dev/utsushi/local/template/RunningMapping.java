package dev.utsushi.local.template;

import dev.utsushi.local.mapping.EventSourceMapping;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingCounters;
import java.util.Optional;

/** An event source mapping of a running template. */
public final class RunningMapping {
  private final String logicalId;
  private final RunningTable table;
  private final RunningFunction function;
  private final EventSourceMappingSettings settings;
  private final Optional<RunningQueue> onFailure;
  private final EventSourceMapping mapping;

  RunningMapping(
      Planned.Mapping planned,
      RunningTable table,
      RunningFunction function,
      Optional<RunningQueue> onFailure,
      EventSourceMapping mapping) {
    this.logicalId = planned.logicalId();
    this.table = table;
    this.function = function;
    this.settings = planned.settings();
    this.onFailure = onFailure;
    this.mapping = mapping;
  }

  public String logicalId() {
    return logicalId;
  }

  /** The table whose stream is read. */
  public RunningTable table() {
    return table;
  }

  public RunningFunction function() {
    return function;
  }

  public EventSourceMappingSettings settings() {
    return settings;
  }

  /** Where messages about records go that are given up. */
  public Optional<RunningQueue> onFailure() {
    return onFailure;
  }

  /** What it has done since it started; nothing, if the template has it disabled. */
  public MappingCounters counters() {
    return mapping.counters();
  }
}
