package dev.utsushi.loadtest.scenario;

/** What a scenario sets for a load test; it leaves everything else open. */
public record TestPoint(int writesPerSecond, int factor, int batchSize) {

  /** Returns the name of the test. */
  public String name() {
    return "%d/s, factor %d, batch %d".formatted(writesPerSecond, factor, batchSize);
  }
}
