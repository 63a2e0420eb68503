/** Starts, watches and stops the runs of a stream: backfill and verification. */
@NullMarked
package dev.utsushi.operations.runs;

import org.jspecify.annotations.NullMarked;
