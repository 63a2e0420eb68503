/** What an event is, for those who write, keep and publish it. */
@NullMarked
package dev.utsushi.outbox.event;

import org.jspecify.annotations.NullMarked;
