/** The outbox's demo: a shop that sells coins. */
@NullMarked
package dev.utsushi.cli.outbox;

import org.jspecify.annotations.NullMarked;
