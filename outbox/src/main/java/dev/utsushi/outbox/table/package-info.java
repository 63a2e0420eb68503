/** The outbox table: its definition, its items, and the conditional writes of the protocol. */
@NullMarked
package dev.utsushi.outbox.table;

import org.jspecify.annotations.NullMarked;
