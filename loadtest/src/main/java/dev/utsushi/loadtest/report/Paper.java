package dev.utsushi.loadtest.report;

import java.util.List;
import java.util.function.DoubleFunction;

/** What charts have in common: size, axes, legend. Colours come from the page's classes. */
final class Paper {
  static final double WIDTH = 640;
  static final double HEIGHT = 250;
  static final double LEFT = 58;
  static final double RIGHT = WIDTH - 12;
  static final double TOP = 30;
  static final double BOTTOM = HEIGHT - 34;
  private static final double LEGEND_GAP = 18;
  private static final double CHARACTER = 6.4;

  /** A name and the class that colours it. */
  record Key(String name, String style) {}

  private Paper() {}

  static Markup open(String description) {
    return new Markup()
        .open(
            "svg",
            "viewBox",
            "0 0 %.0f %.0f".formatted(WIDTH, HEIGHT),
            "role",
            "img",
            "aria-label",
            description);
  }

  static void yAxis(Markup svg, Scale y, DoubleFunction<String> print) {
    for (double tick : y.ticks()) {
      double place = y.place(tick);
      svg.empty("line", "class", "grid", "x1", LEFT, "x2", RIGHT, "y1", place, "y2", place);
      svg.element("text", print.apply(tick), "class", "y", "x", LEFT - 8, "y", place + 4);
    }
  }

  static void xAxis(Markup svg, Scale x, DoubleFunction<String> print, String unit) {
    svg.empty("line", "class", "axis", "x1", LEFT, "x2", RIGHT, "y1", BOTTOM, "y2", BOTTOM);
    for (double tick : x.ticks()) {
      svg.element("text", print.apply(tick), "class", "x", "x", x.place(tick), "y", BOTTOM + 16);
    }
    svg.element("text", unit, "class", "unit", "x", RIGHT, "y", HEIGHT - 4);
  }

  static void legend(Markup svg, List<Key> keys) {
    double x = LEFT;
    for (Key key : keys) {
      svg.empty("rect", "class", "key " + key.style(), "x", x, "y", 8.0, "width", 11, "height", 11);
      svg.element("text", key.name(), "x", x + 16, "y", 18.0);
      x += 16 + key.name().length() * CHARACTER + LEGEND_GAP;
    }
  }
}
