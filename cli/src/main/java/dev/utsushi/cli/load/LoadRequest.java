package dev.utsushi.cli.load;

import dev.utsushi.loadtest.measurement.PipelineSettings;
import dev.utsushi.loadtest.traffic.Traffic;
import java.time.Duration;

/**
 * One run that is to be.
 *
 * @param name short, for people
 */
record LoadRequest(
    String name, Traffic traffic, PipelineSettings settings, Duration longestWarmUp) {}
