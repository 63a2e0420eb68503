package dev.utsushi.loadtest.traffic;

import dev.utsushi.loadtest.units.DurationText;
import dev.utsushi.loadtest.units.TextForm;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rate of writes over time: phases one after the other.
 *
 * <p>Written {@code 63} (steady), {@code 63/30s} (with a duration), {@code 20..200/60s} (a ramp),
 * and joined by commas for steps: {@code 20/30s,200/10s,20/30s}.
 */
public record ArrivalProfile(List<Phase> phases) {
  private static final String NUMBER = "(\\d{1,6}(?:\\.\\d{1,6})?)";
  private static final TextForm FORM =
      new TextForm(
          NUMBER + "(?:\\.\\." + NUMBER + ")?(?:/(.+))?",
          "a rate such as 63, 63/30s or 20..200/60s");

  /**
   * @throws IllegalArgumentException without a phase
   */
  public ArrivalProfile {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("traffic needs at least one phase");
    }
  }

  /** Returns a profile of one steady rate. */
  public static ArrivalProfile steady(double perSecond, Duration duration) {
    return new ArrivalProfile(List.of(new Phase(perSecond, perSecond, duration)));
  }

  /**
   * Parses a profile.
   *
   * @param defaultDuration of a phase without a duration
   * @throws IllegalArgumentException if the text is not a profile, with an example of one
   */
  public static ArrivalProfile parse(String text, Duration defaultDuration) {
    return new ArrivalProfile(
        Arrays.stream(text.split(",", -1))
            .map(phase -> parsePhase(phase, defaultDuration))
            .toList());
  }

  private static Phase parsePhase(String text, Duration defaultDuration) {
    Matcher matcher = FORM.match(text);
    double from = Double.parseDouble(matcher.group(1));
    double to = matcher.group(2) == null ? from : Double.parseDouble(matcher.group(2));
    String duration = matcher.group(3);
    return new Phase(from, to, duration == null ? defaultDuration : DurationText.parse(duration));
  }

  public Duration duration() {
    return phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
  }

  /** Returns the expected number of writes. */
  public double expected() {
    return phases.stream().mapToDouble(Phase::expected).sum();
  }

  /** Returns the mean rate over the whole duration, in writes per second. */
  public double meanPerSecond() {
    return expected() / (duration().toNanos() / 1e9);
  }

  /** Returns the highest rate, in writes per second. */
  public double peakPerSecond() {
    return phases.stream()
        .mapToDouble(phase -> Math.max(phase.fromPerSecond(), phase.toPerSecond()))
        .max()
        .orElseThrow();
  }

  /** Returns this profile after a warm-up at its first rate. */
  public ArrivalProfile after(Duration warmUp) {
    if (warmUp.isZero()) {
      return this;
    }
    Phase first = phases.getFirst();
    double rate = first.fromPerSecond() == 0 ? first.toPerSecond() : first.fromPerSecond();
    return new ArrivalProfile(
        Stream.concat(Stream.of(new Phase(rate, rate, warmUp)), phases.stream()).toList());
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return phases.stream().map(Phase::toString).collect(Collectors.joining(","));
  }

  /**
   * A part of the traffic whose rate is steady, or changes linearly.
   *
   * @param fromPerSecond writes per second as it starts
   * @param toPerSecond writes per second as it ends
   */
  public record Phase(double fromPerSecond, double toPerSecond, Duration duration) {

    /** More than the stream of one table is planned for. Stops a typing error early. */
    private static final double MAX_PER_SECOND = 100_000;

    private static final Duration MAX_DURATION = Duration.ofHours(24);

    /**
     * @throws IllegalArgumentException if a rate or the duration is out of range
     */
    public Phase {
      checkRate(fromPerSecond);
      checkRate(toPerSecond);
      if (fromPerSecond == 0 && toPerSecond == 0) {
        throw new IllegalArgumentException("a rate must be above 0");
      }
      if (!duration.isPositive() || duration.compareTo(MAX_DURATION) > 0) {
        throw new IllegalArgumentException("traffic must last more than 0 s and at most 24 h");
      }
    }

    private static void checkRate(double perSecond) {
      if (!(perSecond >= 0 && perSecond <= MAX_PER_SECOND)) {
        throw new IllegalArgumentException(
            "a rate must be 0 to %.0f writes per second, not %s"
                .formatted(MAX_PER_SECOND, perSecond));
      }
    }

    double expected() {
      return (fromPerSecond + toPerSecond) / 2 * seconds();
    }

    /**
     * Returns the seconds after which a number of writes is expected: the area under the rate,
     * inverted.
     *
     * @param count at most {@link #expected()}
     */
    double secondsUntil(double count) {
      double slope = (toPerSecond - fromPerSecond) / seconds();
      // The root of the quadratic in the form that does not cancel when the slope is near zero.
      double root = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * count));
      double both = fromPerSecond + root;
      return both == 0 ? 0 : 2 * count / both;
    }

    double seconds() {
      return duration.toNanos() / 1e9;
    }

    @Override
    public String toString() {
      String ramp = fromPerSecond == toPerSecond ? "" : ".." + number(toPerSecond);
      return number(fromPerSecond) + ramp + "/" + number(seconds()) + "s";
    }

    private static String number(double value) {
      return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
  }
}
