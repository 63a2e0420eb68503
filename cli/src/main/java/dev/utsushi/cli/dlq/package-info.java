/** Prints what {@code utsushi dlq} finds and does. */
@NullMarked
package dev.utsushi.cli.dlq;

import org.jspecify.annotations.NullMarked;
