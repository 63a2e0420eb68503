package dev.utsushi.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * From values, which begin at zero, to places on paper.
 *
 * @param most the greatest value shown, a round one
 * @param step between ticks
 * @param from the place of zero
 * @param to the place of the greatest value
 */
record Scale(double most, double step, double from, double to) {

  private static final double[] ROUND = {1, 2, 5, 10};

  /** With about so many ticks. */
  static Scale upTo(double greatest, int ticks, double from, double to) {
    double rough = Math.max(greatest, 1e-9) / ticks;
    double magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * magnitude;
    for (double round : ROUND) {
      if (round * magnitude >= rough * 0.999) {
        step = round * magnitude;
        break;
      }
    }
    return new Scale(step * Math.ceil(greatest / step - 1e-9), step, from, to);
  }

  /** The same ticks, but only as far as the values go. */
  Scale endingAt(double greatest) {
    return new Scale(greatest, step, from, to);
  }

  double place(double value) {
    return most == 0 ? from : from + (to - from) * value / most;
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= most * 1.0001; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
