/** What publishes: the stream relay and the poller, on the same runs of {@code protocol}. */
@NullMarked
package dev.utsushi.outbox.relay;

import org.jspecify.annotations.NullMarked;
