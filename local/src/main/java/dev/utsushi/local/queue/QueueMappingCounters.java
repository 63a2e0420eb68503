package dev.utsushi.local.queue;

import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Counts what a queue's mapping has done since it started.
 *
 * @param receivedMessages messages received; one that is received again counts again
 * @param invocations invocations that took place, whatever their result
 * @param failedInvocations those that failed, at least in part
 * @param throttles invocations that did not take place
 * @param deletedMessages messages that were processed and deleted from the queue
 * @param returnedMessages messages that become visible again when their visibility timeout ends
 */
@RecordBuilder
public record QueueMappingCounters(
    long receivedMessages,
    long invocations,
    long failedInvocations,
    long throttles,
    long deletedMessages,
    long returnedMessages)
    implements QueueMappingCountersBuilder.With {

  static final QueueMappingCounters ZERO = new QueueMappingCounters(0, 0, 0, 0, 0, 0);
}
