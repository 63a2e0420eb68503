package dev.utsushi.loadtest.run;

import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.testbed.comparison.ComparisonReport;
import java.time.Duration;
import java.time.Instant;

/** A pipeline that a load test writes to and observes. */
public interface LoadTarget extends SearchableProbe.ItemReader {

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

  /** Compares items and documents; nobody may write meanwhile. */
  ComparisonReport compare() throws InterruptedException;

  /** Describes the result of a comparison in one line. */
  String describe(ComparisonReport report);

  long deadLetters();

  /** Describes the pipeline, as far as the run that ended has shown it. */
  TestedPipeline pipeline();

  /** Returns the number of lanes that are observed; 0 for none. */
  int lanes();

  /** Returns after what time without any arrival the run gives up. */
  Duration standstill();

  /** Returns how long the run waits for the last searches. */
  Duration lastSearches();

  /** Returns what to check when changes are missing. */
  String whereToLook();
}
