package dev.utsushi.loadtest.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.loadtest.report.Scenario.Group;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The report of a run, or of several: JSON, and a page that draws itself from the same JSON.
 * Without script the page shows the figures as tables.
 */
public final class LoadReport {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private LoadReport() {}

  /** Returns one object, which {@code utsushi plan --load-result} reads. */
  public static String json(LoadRun run) {
    return json(run, Optional.empty());
  }

  /** Returns the same with a comparison. */
  public static String json(LoadRun run, Optional<EarlierRun> earlier) {
    ObjectNode json = RunJson.of(run);
    earlier.ifPresent(each -> each.addTo(json));
    return json.toPrettyString() + "\n";
  }

  /** Returns one object with the runs as its member {@code runs}. */
  public static String json(Scenario<LoadRun> scenario) {
    ObjectNode json = JSON.objectNode().put("scenario", scenario.name());
    ArrayNode runs = json.putArray("runs");
    scenario.tests().forEach(run -> runs.add(RunJson.of(run)));
    return json.toPrettyString() + "\n";
  }

  /** Returns the page of a run. */
  public static String page(LoadRun run) {
    return page(run, Optional.empty());
  }

  /** Returns the page of a run, with a comparison. */
  public static String page(LoadRun run, Optional<EarlierRun> earlier) {
    ObjectNode data = JSON.objectNode().put("title", run.title());
    ObjectNode json = RunJson.of(run);
    ObjectNode forPage = RunJson.forPage(run);
    earlier.ifPresent(each -> each.addTo(json));
    earlier.ifPresent(each -> each.addTo(forPage));
    data.putArray("runs").add(forPage);
    return page("Load test: " + run.title(), data, tables(run, json));
  }

  /** Returns the page of several runs, with a table that compares them. */
  public static String page(Scenario<LoadRun> scenario) {
    List<LoadRun> runs = scenario.tests();
    ObjectNode data = JSON.objectNode().put("title", scenario.title());
    scenario.introduction().forEach(data.putArray("introduction")::add);
    ArrayNode groups = data.putArray("groups");
    for (Group<LoadRun> group : scenario.groups()) {
      ArrayNode entries = groups.addObject().put("heading", group.heading()).putArray("entries");
      group
          .entries()
          .forEach(
              entry ->
                  entries
                      .addObject()
                      .put("published", entry.published())
                      .put("run", runs.indexOf(entry.test())));
    }
    ArrayNode array = data.putArray("runs");
    runs.forEach(run -> array.add(RunJson.forPage(run)));
    var tables = new StringBuilder();
    runs.forEach(run -> tables.append(tables(run, RunJson.of(run))));
    return page(scenario.title(), data, tables.toString());
  }

  private static String page(String title, ObjectNode data, String tables) {
    // A "<" in the data could end its element.
    Map<String, String> contents =
        Map.of(
            "title", escaped(title),
            "tables", tables,
            "data", data.toString().replace("<", "\\u003c"),
            "style", resource("report.css"),
            "script", resource("report.js"));
    return PLACEHOLDER
        .matcher(resource("report.html"))
        .replaceAll(
            match ->
                Matcher.quoteReplacement(Objects.requireNonNull(contents.get(match.group(1)))));
  }

  private static String resource(String name) {
    try (InputStream in = LoadReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  private static String tables(LoadRun run, JsonNode json) {
    return "<h1>%s</h1>\n<p>Times are in milliseconds.</p>\n%s\n"
        .formatted(escaped(run.title()), table(json));
  }

  /** Returns JSON as tables: an object's members as rows, and an array's objects as rows. */
  private static String table(JsonNode json) {
    if (!json.isContainerNode()) {
      return escaped(json.asText());
    }
    var rows = new StringBuilder();
    if (json.path(0).isObject()) {
      // The first second may lack a member that another one has.
      Set<String> columns = new LinkedHashSet<>();
      json.forEach(each -> each.fieldNames().forEachRemaining(columns::add));
      rows.append(row(columns.stream().map(LoadReport::head)));
      json.forEach(
          each -> rows.append(row(columns.stream().map(column -> cell(each.path(column))))));
    } else if (json.isArray()) {
      json.forEach(each -> rows.append(row(Stream.of(cell(each)))));
    } else {
      json.properties()
          .forEach(each -> rows.append(row(Stream.of(head(each.getKey()), cell(each.getValue())))));
    }
    return "<table class=\"plain\">\n%s</table>".formatted(rows);
  }

  private static String row(Stream<String> cells) {
    return "<tr>%s</tr>\n".formatted(cells.collect(Collectors.joining()));
  }

  private static String head(String key) {
    String words = key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    return "<th>%s</th>".formatted(escaped(words));
  }

  private static String cell(JsonNode json) {
    return "<td>%s</td>".formatted(table(json));
  }

  private static String escaped(String content) {
    return content
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
