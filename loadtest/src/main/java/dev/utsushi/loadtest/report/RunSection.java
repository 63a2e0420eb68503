package dev.utsushi.loadtest.report;

import dev.utsushi.loadtest.measurement.LoadMeasurement;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** A run on the page: what came of it, its figures, its charts, what it was. */
final class RunSection {
  private final Markup page;
  private final LoadRun run;
  private final LoadMeasurement measured;

  private RunSection(Markup page, LoadRun run) {
    this.page = page;
    this.run = run;
    measured = run.measurement();
  }

  static void write(Markup page, LoadRun run) {
    var section = new RunSection(page, run);
    section.findings();
    section.tiles();
    section.charts();
    section.lags();
    section.conditions();
  }

  private void findings() {
    boolean behind = measured.backlog().fallingBehind();
    List<String> findings = run.findings();
    page.element("p", findings.getFirst(), "class", behind ? "bad" : "good");
    findings.stream().skip(1).forEach(finding -> page.element("p", finding, "class", "bad"));
    page.element(
        "p", run.conclusion().line(), "class", run.conclusion().isFaithful() ? "good" : "bad");
  }

  private void tiles() {
    page.open("div", "class", "tiles");
    tile(print(measured.indexed().percentile(50)), "p50 write to indexed");
    tile(print(measured.indexed().percentile(99)), "p99 write to indexed");
    tile(print(measured.indexed().max()), "latest change indexed");
    tile(print(measured.searchable().percentile(99)), "p99 write to searchable");
    tile("%.1f/s".formatted(measured.writesPerSecond()), "writes");
    if (run.sawInvocations()) {
      tile(print(measured.invocationTime().mean()), "an invocation, on average");
      tile("%.0f %%".formatted(measured.busiestLane() * 100), "busiest lane in use");
    }
    tile("%,d".formatted(measured.backlog().changes()), "behind as the writes ended");
    page.close();
  }

  private void tile(String figure, String what) {
    page.open("div", "class", "tile").element("b", figure).element("span", what).close();
  }

  private void charts() {
    var charts = new RunCharts(run);
    page.open("div", "class", "charts");
    figure("How late changes were", charts.lag(), "by the second in which the write was sent");
    figure("Written and indexed", charts.arrivals(), "changes in each second");
    figure("Behind", charts.behind(), "written and not yet indexed, at each second's end");
    if (run.sawInvocations()) {
      figure("Lanes", charts.lanes(), "share of each second that a lane's invocations took");
    }
    figure("Lags", charts.histogram(), "share of the changes that were so late");
    if (run.sawInvocations()) {
      figure("Invocations", charts.invocations(), "share that took so long, with all overheads");
    }
    page.close();
  }

  private void figure(String title, String svg, String caption) {
    page.open("figure").element("h3", title).raw(svg).element("figcaption", caption).close();
  }

  private void lags() {
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "from … to …");
    for (String head : new String[] {"count", "mean", "p50", "p90", "p99", "p99.9", "max"}) {
      page.element("th", head, "class", "n");
    }
    page.close().close().open("tbody");
    row("write sent to indexed", measured.indexed());
    row("write sent to searchable (a sample)", measured.searchable());
    row("write due to indexed", measured.fromSchedule());
    if (run.sawInvocations()) {
      row("invocation to its return", measured.invocationTime());
    }
    row("write due to the generator's turn", measured.punctuality().dispatch());
    row("generator's turn to write sent", measured.punctuality().waiting());
    row("write sent to acknowledged by the table", measured.punctuality().table());
    page.close().close().close();
  }

  private void row(String what, LagHistogram lags) {
    page.open("tr").element("td", what);
    number("%,d".formatted(lags.count()));
    number(print(lags.mean()));
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      number(print(lags.percentile(percentile)));
    }
    number(print(lags.max()));
    page.close();
  }

  private void number(String figure) {
    page.element("td", figure, "class", "n");
  }

  private void conditions() {
    var traffic = run.traffic();
    page.element(
        "p",
        "Started %s. Rate %s, %s arrivals, keys %s, inserts, updates and deletes %s, least item size %s bytes, seed %d."
            .formatted(
                run.startedAt().truncatedTo(ChronoUnit.SECONDS),
                traffic.profile(),
                traffic.pattern().name().toLowerCase(Locale.ROOT),
                traffic.keys(),
                traffic.mix(),
                traffic.size(),
                traffic.seed()),
        "class",
        "soft");
    String through =
        switch (run.pipeline()) {
          case TestedPipeline.Embedded settings -> settings(settings);
          case TestedPipeline.Deployed stream -> deployed(stream);
        };
    page.element("p", through, "class", "soft");
  }

  private static String deployed(TestedPipeline.Deployed stream) {
    return "Stack %s, stream %s, region %s, with the settings that are deployed. To indexed is counted up to the time in the document, which is the function's clock as it sent the write, less than a round trip before the engine had it; to searchable is this machine's clock alone. Not measured, since it is not seen from outside: invocations, lanes, the iterator age, dead letters."
        .formatted(stream.stack(), stream.index(), stream.region());
  }

  private String settings(TestedPipeline.Embedded settings) {
    return "Factor %d, batch size %d, window %s. Real waits: %s. %,d invocations with %.1f changes on average, %,d failed; the oldest change when invoked was %s old."
        .formatted(
            settings.factor(),
            settings.batchSize(),
            print(settings.window()),
            settings.waits(),
            measured.invocations(),
            measured.recordsPerInvocation(),
            measured.failedInvocations(),
            print(measured.iteratorAge()));
  }

  private static String print(Duration duration) {
    return DurationText.print(duration);
  }
}
