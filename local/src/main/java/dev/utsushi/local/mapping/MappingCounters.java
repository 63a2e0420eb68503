package dev.utsushi.local.mapping;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;

/**
 * Counts what a mapping has done since it started.
 *
 * @param polledRecords records read from the stream
 * @param invocations invocations that took place, whatever their result
 * @param failedInvocations those that failed, at least in part
 * @param throttles invocations that did not take place
 * @param settledRecords records that are processed, given up or filtered out
 * @param deliveredRecords records given up whose message is in the on-failure queue
 * @param droppedRecords records given up without an on-failure queue
 * @param filteredRecords records that match no filter
 * @param trims how often records may have expired before they were read
 * @param maximumIteratorAge the greatest age of a batch's last record at its invocation
 */
@RecordBuilder
public record MappingCounters(
    long polledRecords,
    long invocations,
    long failedInvocations,
    long throttles,
    long settledRecords,
    long deliveredRecords,
    long droppedRecords,
    long filteredRecords,
    long trims,
    Duration maximumIteratorAge)
    implements MappingCountersBuilder.With {

  static final MappingCounters ZERO = new MappingCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

  /** Returns the number of records that were read and are not settled. */
  public long unsettledRecords() {
    return polledRecords - settledRecords;
  }

  MappingCounters after(MappingEvent event) {
    return switch (event) {
      case MappingEvent.Polled(_, int records) -> withPolledRecords(polledRecords + records);
      case MappingEvent.Filtered(_, int records) ->
          withFilteredRecords(filteredRecords + records)
              .withSettledRecords(settledRecords + records);
      case MappingEvent.Invoked invoked -> after(invoked);
      case MappingEvent.Throttled _ -> withThrottles(throttles + 1);
      case MappingEvent.Settled(_, int records) -> withSettledRecords(settledRecords + records);
      case MappingEvent.Discarded(_, int records, _, boolean delivered) ->
          delivered
              ? withDeliveredRecords(deliveredRecords + records)
              : withDroppedRecords(droppedRecords + records);
      case MappingEvent.Trimmed _ -> withTrims(trims + 1);
      case MappingEvent.ShardFinished _,
          MappingEvent.Drained _,
          MappingEvent.StreamDeleted _,
          MappingEvent.Problem _ ->
          this;
    };
  }

  private MappingCounters after(MappingEvent.Invoked invoked) {
    Duration age = invoked.iteratorAge();
    return withInvocations(invocations + 1)
        .withFailedInvocations(failedInvocations + (invoked.failed() ? 1 : 0))
        .withMaximumIteratorAge(age.compareTo(maximumIteratorAge) > 0 ? age : maximumIteratorAge);
  }
}
