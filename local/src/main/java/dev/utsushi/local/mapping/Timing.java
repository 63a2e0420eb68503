package dev.utsushi.local.mapping;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Where time and chance come from, so that a test can have its own. */
record Timing(InstantSource clock, Sleeper sleeper, RandomGenerator random) {}
