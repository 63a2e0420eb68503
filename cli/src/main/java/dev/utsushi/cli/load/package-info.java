/**
 * {@code utsushi load}: loadtest's traffic through the embedded parts, and what is shown of it.
 *
 * <p>{@code LoadRequest -> LoadRunner (EmbeddedPipeline, ActivityTarget, InvocationWatch) ->
 * LoadRun -> LoadOutput}.
 */
@NullMarked
package dev.utsushi.cli.load;

import org.jspecify.annotations.NullMarked;
