/**
 * SQS: ElasticMQ in this JVM, and the event source mapping from a queue to a function.
 *
 * <pre>
 * queue -> BatchGathering -> QueueEvent -> function -> FailedMessages -> deleted, or left to the queue
 * </pre>
 */
@NullMarked
package dev.utsushi.local.queue;

import org.jspecify.annotations.NullMarked;
