package dev.utsushi.loadtest.run;

import dev.utsushi.testbed.comparison.ComparisonReport;
import java.time.Duration;

/** Observes a load test; called often, by the thread that runs the test. */
public interface LoadListener {

  /**
   * The state of a run.
   *
   * @param run the name of the run
   * @param phase the current one, in words
   * @param done the share of the phase that is done, from 0 to 1
   * @param elapsed since the start of the run
   * @param planned duration of the traffic
   * @param unfound sampled changes that no search has found yet
   * @param p50 of the lags so far
   * @param p99 of the lags so far
   */
  record Progress(
      String run,
      String phase,
      double done,
      Duration elapsed,
      Duration planned,
      int written,
      int failed,
      int indexed,
      int unfound,
      Duration p50,
      Duration p99) {}

  /** Reports what is being prepared or cleaned up, in one line. */
  void status(String line);

  /** Reports the state of the run, several times per second. */
  void progress(Progress progress);

  /** Reports the comparison of table and index. */
  void compared(ComparisonReport report);
}
