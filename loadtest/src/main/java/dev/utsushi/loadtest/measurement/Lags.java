package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.units.LagHistogram;

/** How late changes were, each from several beginnings to several ends. */
record Lags(
    LagHistogram indexed, LagHistogram fromSchedule, LagHistogram searchable, int notFound) {

  static Lags of(RunRecorder recorder) {
    var indexed = new LagHistogram();
    var fromSchedule = new LagHistogram();
    var searchable = new LagHistogram();
    for (int i = 0; i < recorder.plan().size(); i++) {
      long arrived = recorder.indexedAt(i);
      long found = recorder.searchableAt(i);
      if (arrived > 0) {
        indexed.record(arrived - recorder.times().startedAt(i));
        fromSchedule.record(arrived - recorder.plan().write(i).scheduledNanos());
      }
      if (found > 0) {
        searchable.record(found - recorder.times().startedAt(i));
      }
    }
    int notFound = 0;
    for (int write : SearchableProbe.sampleOf(recorder.plan())) {
      notFound += recorder.indexedAt(write) > 0 && recorder.searchableAt(write) == 0 ? 1 : 0;
    }
    return new Lags(indexed, fromSchedule, searchable, notFound);
  }
}
