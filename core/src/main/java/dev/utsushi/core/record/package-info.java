/** A record of a stream: its key schema and what becomes of expiries by TTL. */
@NullMarked
package dev.utsushi.core.record;

import org.jspecify.annotations.NullMarked;
