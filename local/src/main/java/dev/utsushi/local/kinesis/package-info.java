/**
 * Kinesis Data Streams, and what DynamoDB's Kinesis destination does.
 *
 * <pre>
 * table's changes -> StreamingDestination -> LocalKinesis
 * </pre>
 */
@NullMarked
package dev.utsushi.local.kinesis;

import org.jspecify.annotations.NullMarked;
