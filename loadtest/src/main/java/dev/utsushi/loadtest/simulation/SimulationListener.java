package dev.utsushi.loadtest.simulation;

/** Is told what happens in a simulation, as it happens. Times are nanoseconds from the start. */
public interface SimulationListener {

  /** Hears nothing. */
  SimulationListener NONE = new SimulationListener() {};

  /**
   * An invocation started.
   *
   * @param lane among all lanes of all shards, from 0 on
   * @param end when the invocation is over, whether it fails or not
   */
  default void invoked(int lane, long start, long end, int records) {}

  /**
   * A write is done with.
   *
   * @param write its place in the workload
   * @param indexed whether it was, or was given up after its retries
   */
  default void settled(int lane, int write, long nanos, boolean indexed) {}
}
