/**
 * Reads the records of a DynamoDB stream, from Lambda's event or from the stream itself, as {@link
 * dev.utsushi.core.record.StreamRecord}.
 *
 * <p>Besides {@code lambda}, the only package that knows Lambda's event types.
 */
@NullMarked
package dev.utsushi.stream;

import org.jspecify.annotations.NullMarked;
