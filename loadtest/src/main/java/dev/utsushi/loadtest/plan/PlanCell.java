package dev.utsushi.loadtest.plan;

import dev.utsushi.loadtest.simulation.MappingModel;
import dev.utsushi.loadtest.simulation.SimulationResult;

/**
 * One setting, and what came of it.
 *
 * @param verdict whether it will do
 */
public record PlanCell(
    MappingModel mapping, SimulationResult outcome, MonthlyCost cost, Verdict verdict) {

  /** Whether a setting will do. */
  public enum Verdict {
    MEETS_TARGET,
    /** Meets it, but with a lane so busy that a little more traffic, or slower time, breaks it. */
    NO_ROOM,
    TOO_LATE,
    /** The longer the traffic goes on, the later: its lags say only how long it was watched. */
    FALLING_BEHIND
  }

  /** Above this, lag grows steeply with each further write, and predictions get poor. */
  public static final double MOST_LANE_USE = 0.9;

  static Verdict judge(SimulationResult outcome, LagTarget target) {
    if (outcome.fallingBehind()) {
      return Verdict.FALLING_BEHIND;
    }
    if (!target.isMetBy(outcome.lag())) {
      return Verdict.TOO_LATE;
    }
    return outcome.busiestLaneUse() > MOST_LANE_USE ? Verdict.NO_ROOM : Verdict.MEETS_TARGET;
  }
}
