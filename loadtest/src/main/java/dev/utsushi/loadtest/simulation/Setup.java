package dev.utsushi.loadtest.simulation;

import java.time.Duration;

/**
 * The pipeline that is simulated.
 *
 * @param refresh the index's refresh interval: an indexed change is searchable from the next
 *     refresh on; zero for lags that end when the change is indexed
 */
public record Setup(
    StreamModel stream, MappingModel mapping, FunctionModel function, Duration refresh) {

  /**
   * @throws IllegalArgumentException if the refresh interval is negative
   */
  public Setup {
    Checks.notNegative("refresh", refresh);
  }

  /** Creates a pipeline whose lags end when a change is indexed. */
  public Setup(StreamModel stream, MappingModel mapping, FunctionModel function) {
    this(stream, mapping, function, Duration.ZERO);
  }

  /** Returns this pipeline with another event source mapping. */
  public Setup withMapping(MappingModel other) {
    return new Setup(stream, other, function, refresh);
  }

  Routing routing() {
    return new Routing(stream.shards(), mapping.factor());
  }
}
