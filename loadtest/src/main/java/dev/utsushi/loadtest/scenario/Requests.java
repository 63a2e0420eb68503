package dev.utsushi.loadtest.scenario;

import dev.utsushi.loadtest.run.EmbeddedRuns.Request;

/** Makes the load tests of a scenario, with the settings that the scenario leaves open. */
@FunctionalInterface
public interface Requests {
  Request of(int writesPerSecond, int factor, int batchSize);
}
