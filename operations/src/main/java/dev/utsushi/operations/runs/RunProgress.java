package dev.utsushi.operations.runs;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How far a run is.
 *
 * @param segments those that were worked on
 */
public record RunProgress(Run run, List<Segment> segments, Instant at) {

  /** Returns a sum over all segments. */
  public long sum(Count count) {
    return segments.stream().mapToLong(segment -> segment.count(count)).sum();
  }

  /** Returns every sum that is not zero, by name. */
  public Map<Count, Long> sums() {
    Map<Count, Long> sums = new TreeMap<>();
    Arrays.stream(Count.values())
        .filter(count -> sum(count) > 0)
        .forEach(count -> sums.put(count, sum(count)));
    return sums;
  }

  /** Returns how many segments are done. */
  public int done() {
    return run.parts() - run.openSegments();
  }

  /** Returns how many pages were saved: a figure that grows as long as the run goes on. */
  public long pages() {
    return segments.stream().mapToLong(Segment::page).sum();
  }

  /** Returns why segments make no progress, and how many. */
  public Map<String, Long> failures() {
    return segments.stream()
        .map(Segment::failure)
        .filter(Objects::nonNull)
        .collect(groupingBy(reason -> reason, TreeMap::new, counting()));
  }

  /** Returns what needs attention, as far as it is kept. */
  public List<Finding> findings() {
    return segments.stream().flatMap(segment -> segment.findings().stream()).toList();
  }

  /** Returns how many documents need attention, those that are not kept included. */
  public long found() {
    return sum(Count.REJECTED)
        + sum(Count.MISSING)
        + sum(Count.STALE)
        + sum(Count.TOMBSTONED)
        + sum(Count.GHOST);
  }

  /** Returns whether the run is over and left nothing to do. */
  public boolean isGood() {
    return run.state() == State.FINISHED && found() <= sum(Count.REPAIRED);
  }

  /** Returns when the run was last seen to work; when it was started, if never. */
  public Instant lastProgress() {
    return segments.stream()
        .filter(segment -> segment.failure() == null)
        .map(Segment::updatedAt)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(run.startedAt());
  }
}
