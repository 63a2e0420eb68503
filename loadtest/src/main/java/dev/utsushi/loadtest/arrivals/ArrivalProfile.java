package dev.utsushi.loadtest.arrivals;

import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the rate of writes goes over time: phases one after the other.
 *
 * <p>Written {@code 63} (steady), {@code 63/30s} (for so long), {@code 20..200/60s} (a ramp), and
 * joined by commas for steps: {@code 20/30s,200/10s,20/30s}.
 */
public record ArrivalProfile(List<Phase> phases) {
  private static final String NUMBER = "(\\d{1,6}(?:\\.\\d{1,6})?)";
  private static final Pattern PHASE =
      Pattern.compile(NUMBER + "(?:\\.\\." + NUMBER + ")?(?:/(.+))?");

  /**
   * @throws IllegalArgumentException without a phase
   */
  public ArrivalProfile {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("traffic takes at least one phase");
    }
  }

  /** One rate all the time. */
  public static ArrivalProfile steady(double perSecond, Duration duration) {
    return new ArrivalProfile(List.of(new Phase(perSecond, perSecond, duration)));
  }

  /**
   * Reads what a person wrote.
   *
   * @param otherwise how long a phase lasts that does not say so
   * @throws IllegalArgumentException if the text is no profile, saying what one looks like
   */
  public static ArrivalProfile parse(String text, Duration otherwise) {
    return new ArrivalProfile(
        Arrays.stream(text.split(",", -1)).map(phase -> parsePhase(phase, otherwise)).toList());
  }

  private static Phase parsePhase(String text, Duration otherwise) {
    Matcher matcher = PHASE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no rate such as 63, 63/30s or 20..200/60s".formatted(text));
    }
    double from = Double.parseDouble(matcher.group(1));
    double to = matcher.group(2) == null ? from : Double.parseDouble(matcher.group(2));
    Duration duration = matcher.group(3) == null ? otherwise : DurationText.parse(matcher.group(3));
    return new Phase(from, to, duration);
  }

  public Duration duration() {
    return phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
  }

  /** How many writes are to be expected. */
  public double expected() {
    return phases.stream().mapToDouble(Phase::expected).sum();
  }

  /** Writes a second, over the whole duration. */
  public double meanPerSecond() {
    return expected() / (duration().toNanos() / 1e9);
  }

  /** Writes a second, at the highest. */
  public double peakPerSecond() {
    return phases.stream()
        .mapToDouble(phase -> Math.max(phase.fromPerSecond(), phase.toPerSecond()))
        .max()
        .orElseThrow();
  }

  /** The same traffic after some time of its first rate. */
  public ArrivalProfile after(Duration warmUp) {
    if (warmUp.isZero()) {
      return this;
    }
    double first = phases.getFirst().fromPerSecond();
    var before = first == 0 ? phases.getFirst().toPerSecond() : first;
    return new ArrivalProfile(
        Stream.concat(Stream.of(new Phase(before, before, warmUp)), phases.stream()).toList());
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return phases.stream().map(ArrivalProfile::text).collect(Collectors.joining(","));
  }

  private static String text(Phase phase) {
    String rate =
        phase.fromPerSecond() == phase.toPerSecond()
            ? number(phase.fromPerSecond())
            : number(phase.fromPerSecond()) + ".." + number(phase.toPerSecond());
    return rate + "/" + number(phase.seconds()) + "s";
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
