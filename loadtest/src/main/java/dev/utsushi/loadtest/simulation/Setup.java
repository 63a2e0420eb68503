package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * What traffic is run through.
 *
 * @param refresh the index's refresh interval: a change that is indexed can be searched from the
 *     next refresh on; zero for lags that end as the change is indexed
 */
public record Setup(
    StreamModel stream, MappingModel mapping, FunctionModel function, Duration refresh) {

  /**
   * @throws IllegalArgumentException if the refresh interval is negative
   */
  public Setup {
    Checks.notNegative("refresh", refresh);
  }

  /** With lags from write to indexed. */
  public Setup(StreamModel stream, MappingModel mapping, FunctionModel function) {
    this(stream, mapping, function, Duration.ZERO);
  }

  public Setup withMapping(MappingModel other) {
    return new Setup(stream, other, function, refresh);
  }

  Routing routing() {
    return new Routing(stream.shards(), mapping.factor());
  }
}
