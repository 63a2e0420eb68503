package dev.utsushi.loadtest.report;

import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.Second;
import dev.utsushi.loadtest.report.HistogramChart.Bars;
import dev.utsushi.loadtest.report.LineChart.Series;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The charts of a run. */
final class RunCharts {
  private final LoadMeasurement measured;
  private final double trafficEnd;

  RunCharts(LoadRun run) {
    measured = run.measurement();
    trafficEnd = measured.traffic().toNanos() / 1e9;
  }

  String lag() {
    return new LineChart(
            "How late changes were, by the second of the write",
            List.of(
                new Series("max", "grey", true, lags(Second::max)),
                new Series("p99", "orange", false, lags(Second::p99)),
                new Series("p50", "blue", false, lags(Second::p50))),
            RunCharts::lag,
            trafficEnd)
        .svg();
  }

  /** As short as an axis asks for: {@code 250 ms}, {@code 2.5 s}, {@code 10 s}. */
  private static String lag(double seconds) {
    return seconds < 0.9995
        ? "%.0f ms".formatted(seconds * 1000)
        : new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(seconds)
            + " s";
  }

  /** In seconds; a gap where no write was sent, or none of them arrived. */
  private List<Double> lags(Function<Second, Duration> which) {
    return measured.seconds().stream()
        .map(second -> second.lagged() == 0 ? Double.NaN : which.apply(second).toNanos() / 1e9)
        .toList();
  }

  String arrivals() {
    return new LineChart(
            "Changes written and indexed in each second",
            List.of(
                new Series("written", "grey", true, counts(Second::acknowledged)),
                new Series("indexed", "blue", false, counts(Second::indexed))),
            "%,.0f"::formatted,
            trafficEnd)
        .svg();
  }

  String behind() {
    return new LineChart(
            "Changes written and not yet indexed",
            List.of(new Series("behind", "orange", true, counts(Second::behind))),
            "%,.0f"::formatted,
            trafficEnd)
        .svg();
  }

  private List<Double> counts(Function<Second, Integer> which) {
    return measured.seconds().stream().map(second -> (double) which.apply(second)).toList();
  }

  String lanes() {
    return new LaneChart(measured.lanes()).svg();
  }

  String histogram() {
    return new HistogramChart(
            "Which share of the changes was how late",
            List.of(
                new Bars("to indexed", "blue", measured.indexed()),
                new Bars("to searchable", "violet", measured.searchable())))
        .svg();
  }

  String invocations() {
    return new HistogramChart(
            "Which share of the invocations took how long",
            List.of(new Bars("invocations", "blue", measured.invocationTime())))
        .svg();
  }
}
