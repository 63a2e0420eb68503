/** The port to what events are published to, its implementations, and the envelope. */
@NullMarked
package dev.utsushi.outbox.broker;

import org.jspecify.annotations.NullMarked;
