package dev.utsushi.core.deadletter;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.json.JsonText;
import dev.utsushi.core.json.RawJson;
import java.time.Duration;
import java.util.Set;

/**
 * What a replay is to do: the payload of its invocation.
 *
 * @param dryRun whether only to say what would happen
 * @param max messages to look at, at most; 0 for no bound
 * @param olderThan only messages that Lambda gave up at least so long ago
 * @param ratePerSecond records to write a second, at most; 0 for no bound
 */
public record ReplayRequest(boolean dryRun, int max, Duration olderThan, double ratePerSecond) {
  /** Replay everything there is. */
  public static final ReplayRequest ALL = new ReplayRequest(false, 0, Duration.ZERO, 0);

  private static final Set<String> FIELDS =
      Set.of("dryRun", "max", "olderThanSeconds", "ratePerSecond");

  /**
   * @throws IllegalArgumentException if a bound is negative
   */
  public ReplayRequest {
    if (max < 0 || olderThan.isNegative() || !(ratePerSecond >= 0)) {
      throw new IllegalArgumentException("a bound of a replay is negative");
    }
  }

  /**
   * Reads a request; what it does not say is not bounded.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static ReplayRequest parse(String json) {
    RawJson request = RawJson.parse(json).requireObject("the request");
    for (String name : request.fields().keySet()) {
      if (!FIELDS.contains(name)) {
        throw new IllegalArgumentException(
            "a replay knows no '"
                + name
                + "': it knows dryRun, max, olderThanSeconds and"
                + " ratePerSecond");
      }
    }
    return new ReplayRequest(
        flag(request, "dryRun"),
        (int) number(request, "max"),
        Duration.ofSeconds((long) number(request, "olderThanSeconds")),
        number(request, "ratePerSecond"));
  }

  /** The request as {@link #parse} reads it. */
  public String toJson() {
    return JsonText.of(this::write);
  }

  private void write(JsonGenerator json) throws java.io.IOException {
    json.writeStartObject();
    json.writeBooleanField("dryRun", dryRun);
    json.writeNumberField("max", max);
    json.writeNumberField("olderThanSeconds", olderThan.toSeconds());
    json.writeNumberField("ratePerSecond", ratePerSecond);
    json.writeEndObject();
  }

  private static boolean flag(RawJson request, String name) {
    RawJson value = request.field(name);
    if (!value.isNull() && value.flag(true) != value.flag(false)) {
      throw new IllegalArgumentException("'" + name + "' is neither true nor false");
    }
    return value.flag(false);
  }

  private static double number(RawJson request, String name) {
    RawJson value = request.field(name);
    double number = value.number(Double.NaN);
    if (!value.isNull() && Double.isNaN(number)) {
      throw new IllegalArgumentException("'" + name + "' is not a number");
    }
    return value.isNull() ? 0 : number;
  }
}
