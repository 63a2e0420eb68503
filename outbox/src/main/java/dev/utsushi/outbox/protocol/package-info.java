/**
 * How an event gets from written to published, as values: what the table says of it, and what a
 * relay does next. Nothing here has a clock, a thread or a network; a test goes through every
 * interleaving.
 */
@NullMarked
package dev.utsushi.outbox.protocol;

import org.jspecify.annotations.NullMarked;
