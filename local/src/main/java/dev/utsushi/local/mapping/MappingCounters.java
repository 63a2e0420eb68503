package dev.utsushi.local.mapping;

import java.time.Duration;

/**
 * What a mapping has done since it started.
 *
 * @param polledRecords records read from the stream
 * @param invocations invocations that took place, whatever their result
 * @param failedInvocations those that failed, wholly or in part
 * @param throttles invocations that did not take place
 * @param settledRecords records that are done with: processed, given up or filtered out
 * @param deliveredRecords records given up whose message is in the on-failure queue
 * @param droppedRecords records given up without a queue to tell
 * @param filteredRecords records that passed no filter
 * @param trims how often records may have expired before they were read
 * @param maximumIteratorAge the greatest age of a batch's last record at its invocation
 */
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
    Duration maximumIteratorAge) {

  /** Records read and not yet settled. */
  public long unsettledRecords() {
    return polledRecords - settledRecords;
  }
}
