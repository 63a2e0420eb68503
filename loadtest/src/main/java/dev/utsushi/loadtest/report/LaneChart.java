package dev.utsushi.loadtest.report;

import dev.utsushi.loadtest.measurement.LaneUse;
import java.util.List;

/** How busy each lane was in each second: the darker, the busier. */
final class LaneChart {
  private static final double NUMBER = 44;
  private static final int X_TICKS = 8;
  private static final double GAP = 2;
  private static final double TALLEST = 44;

  private final List<LaneUse> lanes;
  private final int seconds;

  LaneChart(List<LaneUse> lanes) {
    this.lanes = lanes;
    seconds = lanes.stream().mapToInt(lane -> lane.perSecond().size()).max().orElse(1);
  }

  String svg() {
    Markup svg = Paper.open("How busy each lane was by the second");
    double right = Paper.RIGHT - NUMBER;
    Scale x = Scale.upTo(seconds, X_TICKS, Paper.LEFT, right).endingAt(seconds);
    double height = Math.min(TALLEST, (Paper.BOTTOM - Paper.TOP) / lanes.size());
    double top = Paper.BOTTOM - height * lanes.size();
    svg.element("text", "in traffic", "class", "end-of-row", "x", Paper.RIGHT + 4, "y", top - 8);
    for (LaneUse lane : lanes) {
      row(svg, lane, x, top + lane.lane() * height, height - GAP);
    }
    Paper.xAxis(svg, x, "%.0f"::formatted, "seconds");
    shades(svg);
    return svg.close().markup();
  }

  private static void row(Markup svg, LaneUse lane, Scale x, double y, double height) {
    double middle = y + height / 2 + 4;
    svg.element("text", "lane " + lane.lane(), "class", "y", "x", Paper.LEFT - 8, "y", middle);
    double width = x.place(1) - x.place(0);
    for (int i = 0; i < lane.perSecond().size(); i++) {
      double share = lane.perSecond().get(i);
      svg.open(
              "rect",
              "class",
              "busy",
              "x",
              x.place(i),
              "y",
              y,
              "width",
              width,
              "height",
              height,
              "fill-opacity",
              0.06 + 0.94 * share)
          .element("title", "second %d: %.0f %% busy".formatted(i + 1, share * 100))
          .close();
    }
    svg.element(
        "text",
        "%.0f %%".formatted(lane.share() * 100),
        "class",
        "end-of-row",
        "x",
        Paper.RIGHT + 4,
        "y",
        middle);
  }

  private static void shades(Markup svg) {
    double x = Paper.LEFT;
    for (int percent = 0; percent <= 100; percent += 25) {
      svg.empty(
          "rect",
          "class",
          "busy",
          "x",
          x,
          "y",
          8.0,
          "width",
          11,
          "height",
          11,
          "fill-opacity",
          0.06 + 0.94 * percent / 100.0);
      svg.element("text", percent + " %", "x", x + 16, "y", 18.0);
      x += 62;
    }
  }
}
