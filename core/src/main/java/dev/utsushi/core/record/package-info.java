/**
 * From a record of a stream to a {@link dev.utsushi.core.change.Change}: the first step of the
 * flow.
 *
 * <p>{@link dev.utsushi.core.record.StreamRecord} is the same whoever delivered the record: Lambda,
 * DynamoDB Streams itself, or a dead letter that holds it as JSON.
 */
@NullMarked
package dev.utsushi.core.record;

import org.jspecify.annotations.NullMarked;
