package dev.utsushi.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.loadtest.measurement.InvocationMeasurement;
import dev.utsushi.loadtest.measurement.MadeUpRun;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.Scenario.Entry;
import dev.utsushi.loadtest.report.Scenario.Group;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.script.ScriptException;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class LoadReportTest {
  private static final Machine MACHINE =
      new Machine("0.1.0", "abc1234", "25.0.1", "Linux amd64", 2, "Some CPU");

  private static final String HOSTILE = "</script><script>alert(\"1\")</script> & 'more'";
  private static final String HOSTILE_CPU = "<b>";
  private static final List<String> CHARTS =
      List.of("lag", "arrivals", "behind", "lanes", "lags", "invocations");

  @Test
  void thePageSaysHowTheRunEnded() throws Exception {
    String page = scriptOf(run(50, "run", equal())).text();

    assertThat(page)
        .contains(
            "<h1>50 writes/s, factor 2, batch size 1</h1>",
            "The pipeline fell behind: ",
            "An invocation took 40 ms on average, of which the settings demand 35 ms: factor 2 then"
                + " takes 50 changes per second, if they are spread evenly.",
            "table and index are equal: 1 items",
            "p99 write to searchable");
    assertThat(page.split("data-chart=", -1)).hasSize(CHARTS.size() + 1);
    assertThat(scriptOf(run(20, "run", equal())).text()).contains("The pipeline kept up: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 340, 600, 1200})
  void everyChartIsDrawnWithinItsWidth(int width) throws Exception {
    PageScript script = scriptOf(run(50, "run", equal()));
    for (String name : CHARTS) {
      String svg = script.chart(name, width);
      parse(svg);
      assertThat(svg).as(name).contains("viewBox=\"0 0 " + width).doesNotContain("NaN", "Infinity");
      assertThat(svg).as(name).contains("data-tip=\"");
    }
    assertThat(script.chart("arrivals", width)).contains("end of writes");
  }

  /** On a phone, and in print, where the widest digits of common fonts are 0.64 em wide. */
  @ParameterizedTest
  @CsvSource({"342, 50, 10", "342, 2000, 10", "300, 20, 4000"})
  void everyTextOfAChartHasRoomOnAPhone(int width, int rate, int seconds) throws Exception {
    double character = fontSizeOnAPhone() * 0.57;
    PageScript script = scriptOf(run(rate, seconds, "run", equal()));
    for (String name : CHARTS) {
      List<Extent> texts = new ArrayList<>();
      NodeList nodes = parse(script.chart(name, width)).getElementsByTagName("text");
      for (int i = 0; i < nodes.getLength(); i++) {
        texts.add(Extent.of((Element) nodes.item(i), character));
      }
      assertThat(texts)
          .as(name)
          .isNotEmpty()
          .allMatch(it -> it.from() >= 0 && it.to() <= width)
          .allSatisfy(
              it -> assertThat(texts).filteredOn(each -> each.overlaps(it)).containsExactly(it));
    }
  }

  private record Extent(String text, double from, double to, double y) {
    static Extent of(Element text, double character) {
      String content = text.getTextContent();
      double width = content.length() * character;
      double x = Double.parseDouble(text.getAttribute("x"));
      double from =
          switch (text.getAttribute("class")) {
            case "end" -> x - width;
            case "middle" -> x - width / 2;
            default -> x;
          };
      return new Extent(content, from, from + width, Double.parseDouble(text.getAttribute("y")));
    }

    boolean overlaps(Extent other) {
      return Math.abs(y - other.y) < 12 && from < other.to && other.from < to;
    }
  }

  private static double fontSizeOnAPhone() {
    String page = LoadReport.page(run(20, 2, "run", equal()));
    String phone = page.substring(page.indexOf("@media (max-width"), page.indexOf("@media print"));
    Matcher size = Pattern.compile("svg text \\{ font-size: (\\d+)px").matcher(phone);
    assertThat(size.find()).as("a size for phones").isTrue();
    assertThat(Integer.parseInt(size.group(1))).isGreaterThanOrEqualTo(14);
    return Double.parseDouble(size.group(1));
  }

  @Test
  void theLabelAtTheEndOfTheWritesHasRoom() throws Exception {
    PageScript script = scriptOf(run(20, "run", equal()));
    assertThat(script.eval("report.endOfWrites(100, 400, 200).join('')"))
        .contains("class=\"\" x=\"105\"");
    assertThat(script.eval("report.endOfWrites(390, 400, 200).join('')"))
        .contains("class=\"end\" x=\"385\"");
  }

  @Test
  void hoveringShowsTheValuesOfASecondAndOfABar() throws Exception {
    PageScript script = scriptOf(run(50, "run", equal()));
    assertThat(script.chart("arrivals", 600)).contains("second 1&#10;written: 50&#10;indexed: ");
    assertThat(script.chart("lag", 600)).contains("second 1&#10;max: ", "&#10;p99: ", "&#10;p50: ");
    assertThat(script.chart("lanes", 600)).contains("&#10;lane 0: 100 %&#10;lane 1: 0 %");
    assertThat(script.chart("invocations", 600)).contains("&#10;invocations: 100.0 %");
  }

  @Test
  void thePageNeedsNoNetwork() {
    assertThat(LoadReport.page(run(50, "run", equal())))
        .contains("content=\"default-src 'none'; ")
        .doesNotContain("http:", "https:", "<link", "src=", "@import", "url(", "fetch(");
  }

  @Test
  void withoutItsScriptThePageShowsTheFiguresAsTables() throws Exception {
    String page = LoadReport.page(run(50, "run", equal()));
    String tables = page.substring(page.indexOf("<main>"), page.indexOf("</main>"));
    assertThat(tables)
        .contains(
            "<h1>50 writes/s", "The pipeline fell behind: ", "<th>failed writes</th><td>0</td>")
        .contains("<th>acknowledged</th><td>500</td>", "<th>p99.9</th>", "<th>iterator age</th>");
  }

  @Test
  void textFromOutsideIsEscaped() throws Exception {
    LoadRun hostile = run(20, HOSTILE, new Conclusion(Verdict.DIFFERENT, HOSTILE, 3));
    var group = new Group<>(HOSTILE, List.of(new Entry<>(HOSTILE, hostile)));
    var scenario = new Scenario<>("s", HOSTILE, List.of(HOSTILE), List.of(group));
    String page = LoadReport.page(scenario);
    assertThat(page.split("<script", -1)).hasSize(3);
    assertThat(page)
        .doesNotContain("alert(\"1\")")
        .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;");
    // A strict parser fails on anything that is not closed or not escaped.
    parse(page.replace("<!DOCTYPE html>", "").replaceAll("(?s)<script.*?</script>", ""));

    String text = new PageScript(page).text();
    assertThat(text)
        .doesNotContain("<script", "alert(\"1\")")
        .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;");
    parse("<main>" + text + "</main>");
  }

  @ParameterizedTest
  @CsvSource({"load.json", "deployed.json", "scenario.json"})
  void theJsonHasItsKeysInTheirOrder(String file) throws IOException {
    String json =
        switch (file) {
          case "load.json" -> LoadReport.json(run(50, 2, "run", equal()));
          case "deployed.json" -> LoadReport.json(deployed());
          default -> LoadReport.json(scenarioOf(broken()));
        };
    try (var golden = getClass().getResourceAsStream(file)) {
      assertThat(golden).isNotNull();
      assertThat(json)
          .isEqualToNormalizingNewlines(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void jsonHoldsAllAndAPlanCanReadIt(@TempDir Path directory) throws IOException {
    String json = LoadReport.json(run(50, HOSTILE, equal()));
    JsonNode read = new ObjectMapper().readTree(json);

    assertThat(read.path("name").asText()).isEqualTo(HOSTILE);
    assertThat(read.at("/counts/planned").asInt()).isEqualTo(500);
    assertThat(read.at("/counts/indexed").asInt()).isEqualTo(500);
    assertThat(read.at("/lag/indexed/count").asInt()).isEqualTo(500);
    assertThat(read.at("/lag/indexed/p99").asDouble()).isGreaterThan(9000);
    assertThat(read.at("/verdict/fallingBehind").asBoolean()).isTrue();
    assertThat(read.at("/verdict/comparison").asText()).isEqualTo("EQUAL");
    assertThat(read.path("lanes").size()).isEqualTo(2);
    assertThat(read.path("seconds").size()).isEqualTo(21);

    Path file = Files.writeString(directory.resolve("load.json"), json);
    assertThat(InvocationMeasurement.read(file).percentilesMillis().get(50.0))
        .isBetween(39.0, 41.0);
  }

  @Test
  void figuresThatADeployedStreamLacksAreListedAndNotZero() throws Exception {
    LoadRun run = deployed();
    JsonNode read = new ObjectMapper().readTree(LoadReport.json(run));
    for (String unseen : new String[] {"lanes", "invocation", "iteratorAgeMaxMillis", "settings"}) {
      assertThat(read.has(unseen)).as(unseen).isFalse();
    }
    assertThat(read.path("counts").has("invocations")).isFalse();
    assertThat(read.path("verdict").has("deadLetters")).isFalse();
    assertThat(read.path("seconds").path(0).has("iteratorAge")).isFalse();
    assertThat(read.at("/deployed/stack").asText()).isEqualTo("prod");
    assertThat(read.at("/deployed/notMeasured")).hasSize(4);
    assertThat(scriptOf(run).text())
        .contains("<h1>20 writes/s to deals of stack prod, eu-west-1</h1>", "Not measured")
        .contains("are at least 40 ms apart")
        .doesNotContain("<h3>Lanes", "invocation times", "busiest lane", "mean invocation");
  }

  @Test
  void aWorkerHasNoInvocations(@TempDir Path directory) throws Exception {
    var madeUp = new MadeUpRun(20, 2).index(40);
    var worker = new TestedPipeline.Worker(Path.of("app"), 3, 4, 1, Duration.ofMillis(5));
    LoadRun run =
        new LoadRun(
            "load",
            Instant.EPOCH,
            MACHINE,
            madeUp.traffic(),
            worker,
            madeUp.measurement(),
            equal());
    String json = LoadReport.json(run);
    JsonNode read = new ObjectMapper().readTree(json);
    assertThat(read.path("worker").toString())
        .isEqualTo(
            "{\"lanes\":3,\"kinesisShards\":4,\"batchSize\":1,\"searchRttMillis\":5.0,"
                + "\"indexedBy\":\"the engine's reply\"}");
    assertThat(read.at("/verdict").has("deadLetters")).isTrue();
    assertThat(read.has("invocation")).isFalse();
    assertThat(scriptOf(run).text())
        .contains("20 writes/s, Kinesis with 4 shards, worker with 3 lanes a shard, batch size 1")
        .contains("A worker has no invocations")
        .doesNotContain("<h3>Lanes", "busiest lane", "mean invocation");
    Path file = Files.writeString(directory.resolve("load.json"), json);
    assertThatThrownBy(() -> InvocationMeasurement.read(file))
        .hasMessage(file + " has no invocations: a plan needs the test of a function");
  }

  @Test
  void aMachineThatIsTheBottleneckIsReportedAsThat() {
    assertThat(findings(0.97))
        .anyMatch(
            line ->
                line.contains("were 97 % busy")
                    && line.contains("The machine is the bottleneck, not the configuration."));
    assertThat(findings(0.8))
        .anyMatch(
            line ->
                line.contains("were 80 % busy: ")
                    && line.contains("Part of the time of an invocation"));
    assertThat(findings(0.6)).noneMatch(line -> line.contains("processors"));
  }

  private static List<String> findings(double busy) {
    return run(new MadeUpRun(20, 5).index(40).processorsBusy(busy), "load", equal()).findings();
  }

  @Test
  void theTableOfAScenarioMarksRunsThatTheMachineLimited() throws Exception {
    String bottleneck = "equal; the machine was the bottleneck";
    assertThat(pageOfScenario(0.97))
        .contains(bottleneck)
        .doesNotContainPattern("class=\"good\"[^>]*>" + bottleneck);
    assertThat(pageOfScenario(0.8)).doesNotContain("; the machine").contains(">equal</td>");
  }

  private static String pageOfScenario(double processorsBusy) throws Exception {
    var madeUp = new MadeUpRun(20, 5).index(40).processorsBusy(processorsBusy);
    return new PageScript(LoadReport.page(scenarioOf(run(madeUp, "load", equal())))).text();
  }

  @Test
  void anEarlierRunIsComparedFigureByFigure(@TempDir Path directory) throws Exception {
    LoadRun before = run(new MadeUpRun(20, 10).index(40), "before", equal());
    LoadRun now = run(new MadeUpRun(20, 10).index(80), "now", equal());
    Path file = Files.writeString(directory.resolve("load.json"), LoadReport.json(before));
    EarlierRun earlier = EarlierRun.read(file);

    assertThat(earlier.warnings(now)).isEmpty();
    assertThat(earlier.figures(now))
        .contains(new EarlierRun.Figure("invocation, p50", "40 ms", "80 ms", "2.00"))
        .extracting(EarlierRun.Figure::name)
        .contains("write to indexed, p50", "write to searchable, p99", "processors busy");
    String text = new PageScript(LoadReport.page(now, Optional.of(earlier))).text();
    assertThat(text)
        .contains("Compared with the test of 1970-01-01 00:00:00 UTC")
        .contains("<td>invocation, p50</td><td>40 ms</td><td>80 ms</td><td>2.00</td>");
    JsonNode json = new ObjectMapper().readTree(LoadReport.json(now, Optional.of(earlier)));
    assertThat(json.at("/compared/figures/5/ratio").asText()).isEqualTo("2.00");
    assertThat(scriptOf(now).text()).doesNotContain("Compared with");
  }

  @Test
  void anotherMachineVersionOrScenarioIsAWarning(@TempDir Path directory) throws Exception {
    LoadRun before = run(50, "before", new Conclusion(Verdict.INTERRUPTED, "interrupted", 0));
    String json =
        LoadReport.json(before).replace("abc1234", "fff0000").replace("Some CPU", HOSTILE_CPU);
    Path file = Files.writeString(directory.resolve("load.json"), json);
    EarlierRun earlier = EarlierRun.read(file);

    assertThat(earlier.warnings(run(20, "now", equal())))
        .satisfiesExactly(
            it -> assertThat(it).isEqualTo("Another machine: processor <b>, now Some CPU"),
            it -> assertThat(it).isEqualTo("Another version: commit fff0000, now abc1234"),
            it -> assertThat(it).startsWith("Another scenario: rate 50").contains(", now 20"),
            it -> assertThat(it).isEqualTo("The earlier test did not end well: INTERRUPTED"));
    assertThat(earlier.warnings(deployed()))
        .element(2)
        .asString()
        .contains("index unknown, now deals");
    String text = new PageScript(LoadReport.page(before, Optional.of(earlier))).text();
    assertThat(text).contains("processor &lt;b&gt;").doesNotContain("<b>,");
  }

  @Test
  void aRunInTwoPlacesOfATableIsOneSection() throws Exception {
    LoadRun run = run(20, "twice", equal());
    var scenario =
        new Scenario<>(
            "s",
            "t",
            List.of(),
            List.of(
                new Group<>("a", List.of(new Entry<>("x", run))),
                new Group<>("b", List.of(new Entry<>("y", run)))));
    assertThat(new PageScript(LoadReport.page(scenario)).text().split("<section", -1)).hasSize(2);
    assertThat(LoadReport.json(scenario).split("\"startedAt\"", -1)).hasSize(2);
  }

  @Test
  void anEmptyRunIsDrawnToo() throws Exception {
    PageScript script = scriptOf(broken());
    assertThat(script.text()).contains("interrupted").doesNotContain("NaN", "Infinity");
    for (String name : CHARTS) {
      assertThat(script.chart(name, 340)).as(name).doesNotContain("NaN", "Infinity", "undefined");
    }
    assertThat(LoadReport.json(broken())).contains("INTERRUPTED");
  }

  @ParameterizedTest
  @CsvSource({"9.67, '0,5,10'", "378, '0,100,200,300,400'", "0.37, '0,0.1,0.2,0.3,0.4'"})
  void scalesAreRound(String largest, String ticks) throws Exception {
    assertThat(
            scriptOf(broken())
                .eval(
                    "(() => { const s = report.scale(%s, 4); const all = []; for (let i = 0; i <= s.steps; i++) { all.push(Math.round(i * s.step * 1e6) / 1e6); } return all.join(','); })()"
                        .formatted(largest)))
        .isEqualTo(ticks);
  }

  @ParameterizedTest
  @CsvSource({
    "0.3, 300 µs",
    "40, 40 ms",
    "999.4, 999 ms",
    "1000, 1.00 s",
    "95000, 95 s",
    "0, 0 ms"
  })
  void durationsArePrintedAsInTheTerminal(double millis, String text) throws Exception {
    assertThat(scriptOf(broken()).eval("report.time(%s)".formatted(millis))).isEqualTo(text);
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static PageScript scriptOf(LoadRun run) throws IOException, ScriptException {
    return new PageScript(LoadReport.page(run));
  }

  private static Conclusion equal() {
    return new Conclusion(Verdict.EQUAL, "table and index are equal: 1 items", 0);
  }

  private static LoadRun run(int rate, String name, Conclusion conclusion) {
    return run(rate, 10, name, conclusion);
  }

  private static LoadRun run(int rate, int seconds, String name, Conclusion conclusion) {
    return run(new MadeUpRun(rate, seconds).index(40), name, conclusion);
  }

  private static LoadRun broken() {
    return run(
        new MadeUpRun(20, 2), "broken", new Conclusion(Verdict.INTERRUPTED, "interrupted", 0));
  }

  private static LoadRun run(MadeUpRun madeUp, String name, Conclusion conclusion) {
    var settings =
        new TestedPipeline.Embedded(
            2,
            0,
            1,
            Duration.ZERO,
            Duration.ofMillis(20),
            Duration.ofMillis(35),
            Duration.ofMillis(12),
            1);
    return new LoadRun(
        name, Instant.EPOCH, MACHINE, madeUp.traffic(), settings, madeUp.measurement(), conclusion);
  }

  private static LoadRun deployed() {
    var madeUp = new MadeUpRun(20, 2).index(40);
    var stream = new TestedPipeline.Deployed("prod", "eu-west-1", "deals", Duration.ofMillis(40));
    return new LoadRun(
        "load", Instant.EPOCH, MACHINE, madeUp.traffic(), stream, madeUp.measurement(), equal());
  }

  private static Scenario<LoadRun> scenarioOf(LoadRun run) {
    return new Scenario<>(
        "s", "t", List.of(), List.of(new Group<>("a", List.of(new Entry<>("x", run)))));
  }
}
