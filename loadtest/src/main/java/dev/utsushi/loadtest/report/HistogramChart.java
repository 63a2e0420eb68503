package dev.utsushi.loadtest.report;

import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;

/** Which share of the changes was how late; lags on a logarithmic axis. */
final class HistogramChart {

  /**
   * Bars of one colour.
   *
   * @param style the class that colours them
   */
  record Bars(String name, String style, LagHistogram lags) {}

  private static final int BARS_A_DECADE = 12;
  private static final int Y_TICKS = 4;

  private final String description;
  private final List<Bars> bars;
  private final int first;
  private final int last;

  HistogramChart(String description, List<Bars> bars) {
    this.description = description;
    this.bars = bars.stream().filter(each -> each.lags().count() > 0).toList();
    // Whole decades look empty: the axis begins and ends with the bars.
    first = this.bars.stream().mapToInt(each -> bar(each.lags().percentile(0))).min().orElse(0) - 1;
    last = this.bars.stream().mapToInt(each -> bar(each.lags().max())).max().orElse(1) + 2;
  }

  private static int bar(Duration lag) {
    double millis = Math.max(0.1, lag.toNanos() / 1e6);
    return (int) Math.floor(Math.log10(millis) * BARS_A_DECADE);
  }

  private static Duration edge(int bar) {
    return Duration.ofNanos(Math.round(Math.pow(10, (double) bar / BARS_A_DECADE) * 1e6));
  }

  String svg() {
    Markup svg = Paper.open(description);
    double most = bars.stream().mapToDouble(this::highest).max().orElse(1);
    Scale y = Scale.upTo(most, Y_TICKS, Paper.BOTTOM, Paper.TOP);
    Paper.yAxis(svg, y, share -> "%.0f %%".formatted(share * 100));
    svg.empty(
        "line",
        "class",
        "axis",
        "x1",
        Paper.LEFT,
        "x2",
        Paper.RIGHT,
        "y1",
        Paper.BOTTOM,
        "y2",
        Paper.BOTTOM);
    ticks(svg);
    bars.forEach(each -> draw(svg, each, y));
    Paper.legend(svg, bars.stream().map(each -> new Paper.Key(each.name(), each.style())).toList());
    return svg.close().markup();
  }

  private double share(Bars each, int bar) {
    return (double) each.lags().countBetween(edge(bar), edge(bar + 1)) / each.lags().count();
  }

  private double highest(Bars each) {
    double highest = 0;
    for (int bar = first; bar < last; bar++) {
      highest = Math.max(highest, share(each, bar));
    }
    return highest;
  }

  private double place(double bar) {
    return Paper.LEFT + (Paper.RIGHT - Paper.LEFT) * (bar - first) / (last - first);
  }

  private void draw(Markup svg, Bars each, Scale y) {
    double width = (place(1) - place(0)) / bars.size();
    for (int bar = first; bar < last; bar++) {
      double share = share(each, bar);
      if (share > 0) {
        double top = y.place(share);
        svg.open(
                "rect",
                "class",
                "bar " + each.style(),
                "x",
                place(bar) + width * bars.indexOf(each),
                "y",
                top,
                "width",
                Math.max(1, width - 0.8),
                "height",
                Paper.BOTTOM - top)
            .element("title", tooltip(each, bar, share))
            .close();
      }
    }
  }

  private static String tooltip(Bars each, int bar, double share) {
    return "%s: %.1f %% from %s to %s"
        .formatted(
            each.name(),
            share * 100,
            DurationText.print(edge(bar)),
            DurationText.print(edge(bar + 1)));
  }

  /** At 1, 2 and 5 of each decade, or at fewer where there are many. */
  private void ticks(Markup svg) {
    double[] steps = last - first > 3 * BARS_A_DECADE ? new double[] {1} : new double[] {1, 2, 5};
    for (double decade = 0.1; decade < 1e7; decade *= 10) {
      for (double step : steps) {
        double bar = Math.log10(decade * step) * BARS_A_DECADE;
        if (bar >= first && bar <= last) {
          String label = DurationText.print(Duration.ofNanos(Math.round(decade * step * 1e6)));
          svg.element("text", label, "class", "x", "x", place(bar), "y", Paper.BOTTOM + 16);
        }
      }
    }
  }
}
