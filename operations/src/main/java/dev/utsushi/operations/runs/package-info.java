/** Starts, watches and stops the runs of a stream: backfill, verification and purge. */
@NullMarked
package dev.utsushi.operations.runs;

import org.jspecify.annotations.NullMarked;
