package dev.utsushi.loadtest.measurement;

import java.time.Duration;

/**
 * The embedded parts' settings.
 *
 * @param factor parallelization factor
 * @param window batching window, in whole seconds
 * @param invocationOverhead a real wait before the handler of each invocation
 * @param searchRoundTrip a real wait before each request of the function to the engine
 */
public record PipelineSettings(
    int factor,
    int batchSize,
    Duration window,
    Duration invocationOverhead,
    Duration searchRoundTrip)
    implements TestedPipeline {}
