/**
 * SQS: ElasticMQ in this JVM, and the event source mapping from a queue to a function.
 *
 * <pre>
 * queue -> batch -> QueueEvent -> function -> deleted, or visible again
 * </pre>
 */
@NullMarked
package dev.utsushi.local.queue;

import org.jspecify.annotations.NullMarked;
