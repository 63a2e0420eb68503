/**
 * Changes that did not reach the index: the messages of the dead-letter queue, the ranges of the
 * stream that they refer to, and the request and reply of a replay.
 */
@NullMarked
package dev.utsushi.core.deadletter;

import org.jspecify.annotations.NullMarked;
