/**
 * Changes that did not reach the index, and the way back for them: what lies in the dead-letter
 * queue, in which forms, where its records are read, and the words in which a replay is asked for
 * and told.
 *
 * <p>Beside the flow. It knows messages, ranges of a stream and records as JSON; what a record says
 * and how it is written is the flow's own.
 */
@NullMarked
package dev.utsushi.core.deadletter;

import org.jspecify.annotations.NullMarked;
