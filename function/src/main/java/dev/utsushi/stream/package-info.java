/**
 * From a record of a DynamoDB stream to a {@link dev.utsushi.core.change.Change}: the first step of
 * the flow.
 *
 * <p>Beside {@code lambda}, the only package that knows Lambda's event types.
 */
@NullMarked
package dev.utsushi.stream;

import org.jspecify.annotations.NullMarked;
