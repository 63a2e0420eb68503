package dev.utsushi.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Values by the second. */
final class LineChart {

  /**
   * A line.
   *
   * @param style the class that colours it
   * @param filled down to zero
   * @param values one a second; NaN leaves a gap
   */
  record Series(String name, String style, boolean filled, List<Double> values) {}

  private static final int Y_TICKS = 4;
  private static final int X_TICKS = 8;

  private final String description;
  private final List<Series> series;
  private final DoubleFunction<String> print;
  private final int seconds;
  private final double trafficEnd;

  /**
   * @param print a value, for the axis
   * @param trafficEnd marked, in seconds
   */
  LineChart(
      String description, List<Series> series, DoubleFunction<String> print, double trafficEnd) {
    this.description = description;
    this.series = series;
    this.print = print;
    this.trafficEnd = trafficEnd;
    seconds = series.stream().mapToInt(each -> each.values().size()).max().orElse(1);
  }

  String svg() {
    Markup svg = Paper.open(description);
    Scale y = Scale.upTo(greatest(), Y_TICKS, Paper.BOTTOM, Paper.TOP);
    Scale x = Scale.upTo(seconds, X_TICKS, Paper.LEFT, Paper.RIGHT).endingAt(seconds);
    Paper.yAxis(svg, y, print);
    Paper.xAxis(svg, x, "%.0f"::formatted, "seconds");
    markEnd(svg, x);
    series.forEach(each -> draw(svg, each, x, y));
    tooltips(svg, x);
    Paper.legend(
        svg, series.stream().map(each -> new Paper.Key(each.name(), each.style())).toList());
    return svg.close().markup();
  }

  private double greatest() {
    return series.stream()
        .flatMap(each -> each.values().stream())
        .filter(value -> !value.isNaN())
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(1);
  }

  private void markEnd(Markup svg, Scale x) {
    if (trafficEnd < seconds - 0.5) {
      double place = x.place(trafficEnd);
      svg.empty(
          "line", "class", "end", "x1", place, "x2", place, "y1", Paper.TOP, "y2", Paper.BOTTOM);
      svg.element("text", "end of writes", "class", "end", "x", place + 5, "y", Paper.TOP + 10);
    }
  }

  private static void draw(Markup svg, Series each, Scale x, Scale y) {
    for (List<String> points : stretches(each.values(), x, y)) {
      String line = String.join(" ", points);
      if (each.filled()) {
        String first = points.getFirst().substring(0, points.getFirst().indexOf(','));
        String last = points.getLast().substring(0, points.getLast().indexOf(','));
        String area =
            String.format(
                Locale.ROOT, "%s,%.1f %s %s,%.1f", first, Paper.BOTTOM, line, last, Paper.BOTTOM);
        svg.empty("polygon", "class", "area " + each.style(), "points", area);
      }
      svg.empty("polyline", "class", "line " + each.style(), "points", line);
    }
  }

  /** Points between gaps; a value stands in the middle of its second. */
  private static List<List<String>> stretches(List<Double> values, Scale x, Scale y) {
    List<List<String>> stretches = new ArrayList<>();
    List<String> points = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      if (!Double.isNaN(value)) {
        points.add(String.format(Locale.ROOT, "%.1f,%.1f", x.place(i + 0.5), y.place(value)));
      } else if (!points.isEmpty()) {
        stretches.add(points);
        points = new ArrayList<>();
      }
    }
    if (!points.isEmpty()) {
      stretches.add(points);
    }
    return stretches;
  }

  private void tooltips(Markup svg, Scale x) {
    double width = x.place(1) - x.place(0);
    for (int i = 0; i < seconds; i++) {
      var tooltip = new StringBuilder("second ").append(i + 1);
      for (Series each : series) {
        if (i < each.values().size() && !each.values().get(i).isNaN()) {
          tooltip.append('\n').append(each.name()).append(": ");
          tooltip.append(print.apply(each.values().get(i)));
        }
      }
      svg.open(
              "rect",
              "class",
              "hover",
              "x",
              x.place(i),
              "y",
              Paper.TOP,
              "width",
              width,
              "height",
              Paper.BOTTOM - Paper.TOP)
          .element("title", tooltip.toString())
          .close();
    }
  }
}
