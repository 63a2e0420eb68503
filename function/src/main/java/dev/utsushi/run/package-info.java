/**
 * The worker of runs: it takes a segment of the table, page by page, to the index (backfill), or
 * compares it with the index (verification).
 *
 * <p>{@code queue of segments -> page of items -> documents -> progress}
 */
@NullMarked
package dev.utsushi.run;

import org.jspecify.annotations.NullMarked;
