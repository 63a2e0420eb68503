package dev.utsushi.loadtest.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.units.DurationText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A run of which the JSON is left, to compare another one with. */
public final class EarlierRun {
  private static final Set<String> VERSION = Set.of("utsushi", "commit");
  private static final Set<String> RESULTS = Set.of("clocksApartMillis", "notMeasured");

  /** What the figure of a comparison counts. */
  private enum Unit {
    MILLIS,
    COUNT,
    SHARE
  }

  private record Compared(String name, String pointer, Unit unit) {}

  private static final List<Compared> COMPARED =
      List.of(
          new Compared("write to indexed, p50", "/lag/indexed/p50", Unit.MILLIS),
          new Compared("write to indexed, p99", "/lag/indexed/p99", Unit.MILLIS),
          new Compared("write to indexed, max", "/lag/indexed/max", Unit.MILLIS),
          new Compared("write to searchable, p50", "/lag/searchable/p50", Unit.MILLIS),
          new Compared("write to searchable, p99", "/lag/searchable/p99", Unit.MILLIS),
          new Compared("invocation, p50", "/invocation/percentilesMillis/50.0", Unit.MILLIS),
          new Compared("invocation, p99", "/invocation/percentilesMillis/99.0", Unit.MILLIS),
          new Compared("invocations", "/counts/invocations", Unit.COUNT),
          new Compared("behind at most", "/counts/behindAtMost", Unit.COUNT),
          new Compared("table answers, p99", "/generator/sentToAcknowledged/p99", Unit.MILLIS),
          new Compared("processors busy", "/verdict/processorsBusy", Unit.SHARE));

  /**
   * A figure of both runs, as text.
   *
   * @param ratio of now to earlier; {@code -} if there was none earlier
   */
  public record Figure(String name, String earlier, String now, String ratio) {}

  private final JsonNode json;

  private EarlierRun(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads the result of a load test.
   *
   * @throws IllegalArgumentException if the file can't be read, or is no result of one test
   */
  public static EarlierRun read(Path file) {
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      if (!json.at("/lag/indexed").isObject()) {
        throw new IllegalArgumentException(file + " is no load.json of one load test");
      }
      return new EarlierRun(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + " is no load.json of one load test", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " can't be read", e);
    }
  }

  /** Returns when the run started, as its JSON has it. */
  public String startedAt() {
    return json.path("startedAt").asText();
  }

  /** Returns the figures that both runs have. */
  public List<Figure> figures(LoadRun now) {
    return figures(RunJson.of(now));
  }

  private List<Figure> figures(JsonNode now) {
    return COMPARED.stream()
        .filter(each -> json.at(each.pointer()).isNumber() && now.at(each.pointer()).isNumber())
        .map(
            each -> {
              double before = json.at(each.pointer()).asDouble();
              double after = now.at(each.pointer()).asDouble();
              return new Figure(
                  each.name(),
                  text(each.unit(), before),
                  text(each.unit(), after),
                  before == 0 ? "-" : "%.2f".formatted(after / before));
            })
        .toList();
  }

  private static String text(Unit unit, double value) {
    return switch (unit) {
      case MILLIS -> DurationText.print(Duration.ofNanos(Math.round(value * 1e6)));
      case COUNT -> "%,.0f".formatted(value);
      case SHARE -> "%.0f %%".formatted(value * 100);
    };
  }

  /** Returns why the figures may differ for another reason than the pipeline, a line for each. */
  public List<String> warnings(LoadRun now) {
    return warnings(RunJson.of(now));
  }

  private List<String> warnings(JsonNode now) {
    List<String> warnings = new ArrayList<>();
    Set<String> machine = names("machine", now);
    machine.removeAll(VERSION);
    warn("Another machine", differences("machine", machine, now), warnings);
    warn("Another version", differences("machine", VERSION, now), warnings);
    List<String> scenario = new ArrayList<>();
    for (String part : List.of("traffic", "settings", "deployed")) {
      Set<String> names = names(part, now);
      names.removeAll(RESULTS);
      scenario.addAll(differences(part, names, now));
    }
    warn("Another scenario", scenario, warnings);
    String verdict = json.at("/verdict/comparison").asText();
    if (!verdict.equals("EQUAL")) {
      warnings.add("The earlier test did not end well: " + verdict);
    }
    return warnings;
  }

  private Set<String> names(String part, JsonNode now) {
    Set<String> names = new TreeSet<>();
    json.path(part).fieldNames().forEachRemaining(names::add);
    now.path(part).fieldNames().forEachRemaining(names::add);
    return names;
  }

  private List<String> differences(String part, Set<String> names, JsonNode now) {
    return names.stream()
        .sorted()
        .filter(name -> !text(json, part, name).equals(text(now, part, name)))
        .map(name -> "%s %s, now %s".formatted(name, text(json, part, name), text(now, part, name)))
        .toList();
  }

  private static String text(JsonNode run, String part, String name) {
    return run.path(part).path(name).asText("unknown");
  }

  private static void warn(String what, List<String> differences, List<String> warnings) {
    if (!differences.isEmpty()) {
      warnings.add("%s: %s".formatted(what, String.join("; ", differences)));
    }
  }

  /** Adds the comparison to the JSON of the run. */
  void addTo(ObjectNode now) {
    List<Figure> figures = figures(now);
    List<String> warnings = warnings(now);
    ObjectNode compared = now.putObject("compared").put("startedAt", startedAt());
    warnings.forEach(compared.putArray("warnings")::add);
    var array = compared.putArray("figures");
    figures.forEach(
        each ->
            array
                .addObject()
                .put("name", each.name())
                .put("earlier", each.earlier())
                .put("now", each.now())
                .put("ratio", each.ratio()));
  }
}
