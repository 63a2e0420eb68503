package dev.utsushi.cli.demo;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a demo is to do.
 *
 * @param duration how long activity is written
 * @param writesPerSecond at this open-loop rate
 * @param seed of the activity
 * @param keep whether everything stays up at the end
 * @param debug whether the function's own log is shown
 * @param functionJar the function as it is deployed
 */
public record DemoOptions(
    Duration duration,
    int writesPerSecond,
    int parallelizationFactor,
    int batchSize,
    long seed,
    boolean keep,
    boolean debug,
    Path functionJar) {}
