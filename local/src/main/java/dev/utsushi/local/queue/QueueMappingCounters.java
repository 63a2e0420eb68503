package dev.utsushi.local.queue;

/**
 * What a queue's mapping has done since it started.
 *
 * @param receivedMessages messages received, one more for each time that it comes again
 * @param invocations invocations that took place, whatever their result
 * @param failedInvocations those that failed, wholly or in part
 * @param throttles invocations that did not take place
 * @param deletedMessages messages that were processed, and are gone from the queue
 * @param returnedMessages messages left to the queue, which shows them again in time
 */
public record QueueMappingCounters(
    long receivedMessages,
    long invocations,
    long failedInvocations,
    long throttles,
    long deletedMessages,
    long returnedMessages) {}
