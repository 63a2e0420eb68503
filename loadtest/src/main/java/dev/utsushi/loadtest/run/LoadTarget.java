package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.testbed.comparison.ComparisonReport;
import java.time.Instant;

/** A pipeline that a load test writes to and observes. */
public interface LoadTarget {

  /** Starts to record what happens to the writes of a run. */
  void begin(RunRecorder recorder, Instant startedAt);

  /**
   * Writes to the table, and returns when the write is acknowledged. Called by many threads, but
   * for an item by one at a time and in order.
   */
  void write(PlannedWrite write);

  /** Returns the probe that searches for a sample of the changes. */
  SearchableProbe probe();

  /** Checks what has arrived, and returns how many acknowledged changes have not. */
  int missing() throws InterruptedException;

  /** Records what has arrived by now; whatever happens later is not part of the run. */
  void end();

  /** Compares items and documents; there must be no writes meanwhile. */
  ComparisonReport compare() throws InterruptedException;

  /** Describes the result of a comparison in one line. */
  default String describe(ComparisonReport report) {
    return report.line();
  }

  /** Returns how many messages are in the dead-letter queue; 0 where that is not observed. */
  default long deadLetters() {
    return 0;
  }

  /** Describes the pipeline under test, with what the run has shown of it. */
  TestedPipeline pipeline();
}
