/**
 * From a {@link dev.utsushi.core.index.IndexWriter.DocumentWrite} to its {@link
 * dev.utsushi.core.index.Outcome}: the index, and the comparison of versions inside the engine that
 * keeps it a faithful copy.
 *
 * <p>{@link dev.utsushi.core.index.IndexWriter} is the port. Behind it, from the outside in: the
 * search for attributes that the mapping refuses, retries, the set-up of the index, the bulk
 * request.
 */
@NullMarked
package dev.utsushi.core.index;

import org.jspecify.annotations.NullMarked;
