package dev.utsushi.cli.plan;

import dev.utsushi.loadtest.plan.CapacityPlan;
import dev.utsushi.loadtest.plan.PlanCell;
import dev.utsushi.loadtest.units.LagHistogram;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A plan as {@code --json} prints it: all figures of every setting. */
public record PlanView(
    String rate,
    String arrivals,
    String keys,
    long seed,
    int shards,
    double invocationMeanMillis,
    double refreshMillis,
    Target target,
    String prices,
    @Nullable Setting recommended,
    List<Setting> settings) {

  /** The lag to meet. */
  public record Target(double percentile, double lagMillis) {}

  /** Lags in milliseconds. */
  public record Lag(double mean, double p50, double p99, double max) {
    static Lag of(LagHistogram lag) {
      return new Lag(
          millis(lag.mean()),
          millis(lag.percentile(50)),
          millis(lag.percentile(99)),
          millis(lag.max()));
    }
  }

  /** A setting with its figures. */
  public record Setting(
      int parallelizationFactor,
      int batchSize,
      String verdict,
      Lag lagMillis,
      boolean fallingBehind,
      long backlog,
      double backlogGrowthPerSecond,
      double capacityPerSecond,
      List<Double> laneUse,
      double meanConcurrency,
      int maxConcurrency,
      double invocationsPerSecond,
      long throttles,
      long failures,
      long discarded,
      double dollarsAMonth) {

    static Setting of(PlanCell cell) {
      var result = cell.result();
      return new Setting(
          cell.mapping().factor(),
          cell.mapping().batchSize(),
          lowerCase(cell.verdict()),
          Lag.of(result.lag()),
          result.fallingBehind(),
          result.backlog(),
          result.growthPerSecond(),
          result.capacityPerSecond(),
          result.laneUse(),
          result.meanConcurrency(),
          result.maxConcurrency(),
          result.invocationsPerSecond(),
          result.throttles(),
          result.failures(),
          result.discarded(),
          cell.dollarsPerMonth());
    }
  }

  /** Returns the view of a plan. */
  public static PlanView of(CapacityPlan plan) {
    var inputs = plan.inputs();
    var traffic = inputs.writes().traffic();
    return new PlanView(
        traffic.profile().toString(),
        lowerCase(traffic.pattern()),
        traffic.keys().toString(),
        traffic.seed(),
        inputs.setup().stream().shards(),
        millis(inputs.setup().function().time().mean(1)),
        millis(inputs.setup().refresh()),
        new Target(inputs.target().percentile(), millis(inputs.target().lag())),
        inputs.pricing().prices().source(),
        plan.cheapest().map(Setting::of).orElse(null),
        plan.cells().stream().map(Setting::of).toList());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
