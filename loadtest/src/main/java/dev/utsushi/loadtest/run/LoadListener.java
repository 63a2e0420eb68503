package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.testbed.comparison.ComparisonReport;

/** Observes a load test; called often, by the thread that runs the test. */
public interface LoadListener {

  /**
   * The state of a run.
   *
   * @param run the name of the run
   * @param phase the current one, in words
   * @param done the share of the phase that is done, from 0 to 1
   * @param recorder what was recorded so far
   * @param unfound sampled changes that no search has found yet
   */
  record Progress(String run, String phase, double done, RunRecorder recorder, int unfound) {}

  /** Reports what is being prepared or cleaned up, in one line. */
  void status(String line);

  /** Reports the state of the run, several times per second. */
  void progress(Progress progress);

  /** Reports the comparison of table and index. */
  void compared(ComparisonReport report);
}
