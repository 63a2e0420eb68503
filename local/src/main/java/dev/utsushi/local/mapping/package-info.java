/**
 * The event source mapping: reads a DynamoDB stream and invokes a function with its records, as
 * Lambda documents it.
 *
 * <pre>
 * shards -> ShardConsumer -> lanes by item -> batches
 *        -> BatchProcessor -> invocation -> settled -> checkpoint
 * </pre>
 */
@NullMarked
package dev.utsushi.local.mapping;

import org.jspecify.annotations.NullMarked;
