/**
 * From a {@link dev.utsushi.document.DocumentWrite} to its {@link dev.utsushi.index.Outcome}: the
 * index, and the comparison of versions inside the engine that keeps it a faithful copy.
 *
 * <p>{@link dev.utsushi.index.IndexWriter} is the port. Behind it, from the outside in: the search
 * for attributes that the mapping refuses, retries, the index made sure of, the bulk request.
 */
@NullMarked
package dev.utsushi.index;

import org.jspecify.annotations.NullMarked;
