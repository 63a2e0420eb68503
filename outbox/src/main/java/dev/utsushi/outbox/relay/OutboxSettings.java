package dev.utsushi.outbox.relay;

import dev.utsushi.core.settings.Suggestion;
import dev.utsushi.outbox.event.OutboxException;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.PollerRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of relay and poller, from environment variables.
 *
 * @param table the outbox table's name
 * @param target an SQS queue's URL, or a Kinesis stream's name
 * @param grace how long the poller leaves a new event to the stream relay; zero if there is none
 * @param interval the poller's pause between two looks
 */
public record OutboxSettings(
    String table,
    String target,
    Duration history,
    Duration grace,
    Duration interval,
    PollerRun.Rules rules) {
  /** The variables' names. */
  public static final String TABLE = "UTSUSHI_OUTBOX_TABLE";

  public static final String TARGET = "UTSUSHI_OUTBOX_TARGET";
  public static final String HISTORY_DAYS = "UTSUSHI_OUTBOX_HISTORY_DAYS";
  public static final String GRACE_SECONDS = "UTSUSHI_OUTBOX_GRACE_SECONDS";
  public static final String INTERVAL_SECONDS = "UTSUSHI_OUTBOX_INTERVAL_SECONDS";
  public static final String MOST_REFUSALS = "UTSUSHI_OUTBOX_MOST_REFUSALS";
  public static final String ON_PARKED = "UTSUSHI_OUTBOX_ON_PARKED";

  private static final String PREFIX = "UTSUSHI_OUTBOX_";
  private static final Set<String> NAMES =
      Set.of(
          TABLE, TARGET, HISTORY_DAYS, GRACE_SECONDS, INTERVAL_SECONDS, MOST_REFUSALS, ON_PARKED);

  /**
   * Reads the settings.
   *
   * @throws OutboxException with everything that is wrong
   */
  public static OutboxSettings read(Map<String, String> environment) {
    var reader = new Reader(environment, new ArrayList<>());
    reader.refuseUnknown();
    var settings =
        new OutboxSettings(
            reader.required(TABLE),
            reader.required(TARGET),
            Duration.ofDays(reader.number(HISTORY_DAYS, 7, 1, 365)),
            Duration.ofSeconds(reader.number(GRACE_SECONDS, 10, 0, 600)),
            Duration.ofSeconds(reader.number(INTERVAL_SECONDS, 5, 1, 60)),
            new PollerRun.Rules(reader.number(MOST_REFUSALS, 5, 1, 100), reader.onParked()));
    reader.throwProblems();
    return settings;
  }

  /** Returns how long the poller waits. */
  public Patience patience() {
    Patience usual = Patience.FALLBACK;
    return new Patience(grace, usual.lease(), usual.firstBackoff(), usual.longestBackoff());
  }

  private record Reader(Map<String, String> environment, List<String> problems) {

    void refuseUnknown() {
      for (String name : new TreeSet<>(environment.keySet())) {
        if (name.startsWith(PREFIX) && !NAMES.contains(name)) {
          String meant =
              Suggestion.nearest(name, NAMES).map(known -> "; did you mean " + known).orElse("");
          problems.add(name + " is not a setting" + meant);
        }
      }
    }

    String required(String name) {
      String value = environment.getOrDefault(name, "");
      if (value.isBlank()) {
        problems.add(name + " is missing");
      }
      return value;
    }

    int number(String name, int usual, int least, int most) {
      String text = environment.getOrDefault(name, Integer.toString(usual));
      if (text.matches("\\d{1,9}")) {
        int number = Integer.parseInt(text);
        if (number >= least && number <= most) {
          return number;
        }
      }
      problems.add("%s takes a number from %d to %d, not %s".formatted(name, least, most, text));
      return usual;
    }

    OnParked onParked() {
      String text = environment.getOrDefault(ON_PARKED, "key-waits");
      return switch (text) {
        case "key-waits" -> OnParked.KEY_WAITS;
        case "key-goes-on" -> OnParked.KEY_GOES_ON;
        default -> {
          problems.add(ON_PARKED + " takes key-waits or key-goes-on, not " + text);
          yield OnParked.KEY_WAITS;
        }
      };
    }

    void throwProblems() {
      if (!problems.isEmpty()) {
        throw new OutboxException(String.join("; ", problems));
      }
    }
  }
}
