package dev.utsushi.loadtest.report;

import dev.utsushi.loadtest.report.ScenarioResult.Entry;
import dev.utsushi.loadtest.report.ScenarioResult.Group;
import dev.utsushi.loadtest.units.DurationText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/** A page of HTML that holds all it needs: no script, no network, in light, dark and on paper. */
public final class LoadPage {
  private LoadPage() {}

  /** Of one run. */
  public static String of(LoadRun run) {
    Markup page = begin("Load test: " + run.title());
    page.element("h1", run.title());
    RunSection.write(page, run);
    return end(page);
  }

  /** Of several, with a table that sets them beside one another. */
  public static String of(ScenarioResult scenario) {
    Markup page = begin(scenario.title());
    page.element("h1", scenario.title());
    scenario.introduction().forEach(paragraph -> page.element("p", paragraph, "class", "soft"));
    table(page, scenario);
    for (LoadRun run : scenario.runs()) {
      page.open("section", "id", anchor(run));
      page.element("h2", run.title());
      RunSection.write(page, run);
      page.close();
    }
    return end(page);
  }

  private static Markup begin(String title) {
    return new Markup()
        .raw("<!DOCTYPE html>\n")
        .open("html", "lang", "en")
        .open("head")
        .raw("<meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .element("title", title)
        .open("style")
        .raw(style())
        .close()
        .close()
        .open("body");
  }

  private static String end(Markup page) {
    return page.close().close().markup() + "\n";
  }

  private static String style() {
    try (InputStream in = LoadPage.class.getResourceAsStream("page.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The page's style can't be read", e);
    }
  }

  private static String anchor(LoadRun run) {
    return run.name().replaceAll("[^A-Za-z0-9]+", "-");
  }

  private static void table(Markup page, ScenarioResult scenario) {
    page.open("div", "class", "wide").open("table").open("thead").open("tr");
    page.element("th", "run");
    page.element("th", "published");
    for (String head :
        new String[] {
          "invocation", "mean", "p50", "p99", "max", "p99 searchable", "busiest lane", "behind"
        }) {
      page.element("th", head, "class", "n");
    }
    page.element("th", "table and index").close().close().open("tbody");
    for (Group group : scenario.groups()) {
      page.open("tr", "class", "group").element("td", group.heading(), "colspan", 11).close();
      group.entries().forEach(entry -> row(page, entry));
    }
    page.close().close().close();
    page.element(
        "p",
        "mean, p50, p99 and max: from sending a write to indexed. Behind: changes waiting as the"
            + " writes ended, of which the last is as late as max says.",
        "class",
        "soft");
  }

  private static void row(Markup page, Entry entry) {
    LoadRun run = entry.run();
    var measured = run.measurement();
    page.open("tr").open("td");
    page.element("a", run.title(), "href", "#" + anchor(run)).close();
    page.element("td", entry.published());
    number(page, measured.invocationTime().mean());
    number(page, measured.indexed().mean());
    number(page, measured.indexed().percentile(50));
    number(page, measured.indexed().percentile(99));
    number(page, measured.indexed().max());
    number(page, measured.searchable().percentile(99));
    page.element("td", "%.0f %%".formatted(measured.busiestLane() * 100), "class", "n");
    String behind = "%,d".formatted(measured.backlog().changes());
    page.element("td", behind, "class", measured.backlog().fallingBehind() ? "n bad" : "n");
    boolean faithful = run.conclusion().isFaithful();
    String compared = faithful ? "equal" : "not shown equal";
    String machine = run.machineAtItsEnd() ? "; the machine was at its end" : "";
    page.element("td", compared + machine, "class", faithful ? "good" : "bad");
    page.close();
  }

  private static void number(Markup page, Duration duration) {
    page.element("td", DurationText.print(duration), "class", "n");
  }
}
