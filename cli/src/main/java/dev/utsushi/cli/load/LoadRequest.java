package dev.utsushi.cli.load;

import dev.utsushi.loadtest.generator.LoadTraffic;
import dev.utsushi.loadtest.measurement.PipelineSettings;
import java.time.Duration;

/**
 * One run that is to be.
 *
 * @param name short, for people
 */
record LoadRequest(
    String name, LoadTraffic traffic, PipelineSettings settings, Duration longestWarmUp) {}
