package dev.utsushi.core.deadletter;

/**
 * A message as it was received.
 *
 * @param receiptHandle of this receipt; the next receipt gives another
 * @param receives how often it has been received, this time included
 */
public record QueuedMessage(String id, String receiptHandle, String body, int receives) {}
