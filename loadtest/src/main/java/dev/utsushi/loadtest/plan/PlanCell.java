package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.SimulationResult;

/**
 * A setting and its result.
 *
 * @param dollarsPerMonth the cost of the function
 */
public record PlanCell(
    MappingModel mapping, SimulationResult result, double dollarsPerMonth, Verdict verdict) {

  /** Above this, lag grows steeply with each further write, and predictions get poor. */
  public static final double MAX_LANE_USE = 0.9;

  /** Whether a setting is good enough. */
  public enum Verdict {
    MEETS_TARGET,
    /** Meets it with a lane so busy that a little more traffic, or a slower function, breaks it. */
    NO_ROOM,
    TOO_LATE,
    /** Lag grows as long as the traffic lasts, so its lags only show how long that was. */
    FALLING_BEHIND;

    static Verdict of(SimulationResult result, LagTarget target) {
      if (result.fallingBehind()) {
        return FALLING_BEHIND;
      }
      if (!target.isMetBy(result.lag())) {
        return TOO_LATE;
      }
      return result.busiestLaneUse() > MAX_LANE_USE ? NO_ROOM : MEETS_TARGET;
    }
  }

  public boolean meetsTarget() {
    return verdict == Verdict.MEETS_TARGET;
  }
}
