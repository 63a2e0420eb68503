/**
 * {@code utsushi load}: loadtest's traffic through the embedded parts, and what is shown of it.
 *
 * <p>{@code LoadRequest -> LoadRunner (EmbeddedPipeline, ActivityTarget, InvocationWatch) ->
 * LoadRun -> ReportFiles}; on a deployed stream {@code Deployment -> StackLoad (DeployedRun,
 * OwnItemsTarget, OwnDocuments, OwnItemsRemoval) -> LoadRun -> ReportFiles}.
 */
@NullMarked
package dev.utsushi.cli.load;

import org.jspecify.annotations.NullMarked;
