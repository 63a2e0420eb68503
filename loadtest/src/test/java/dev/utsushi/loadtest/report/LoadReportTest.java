package dev.utsushi.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.loadtest.measurement.InvocationMeasurement;
import dev.utsushi.loadtest.measurement.MadeUpRun;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.report.ScenarioResult.Entry;
import dev.utsushi.loadtest.report.ScenarioResult.Group;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class LoadReportTest {
  private static final String HOSTILE = "<script>alert(\"1\")</script> & 'more'";

  @Test
  void thePageSaysWhatCameOfItAndDrawsIt() {
    String page = LoadPage.of(run(50, "run", equal()));

    assertThat(page)
        .contains(
            "<h1>50 writes/s, factor 2, batch size 1</h1>",
            "The pipeline fell behind: ",
            "An invocation took 40 ms on average, where the settings ask for at least 35 ms: at"
                + " that, factor 2 takes 50 changes a second, spread evenly.",
            "table and index are equal: 1 items",
            "p99 write to searchable");
    assertThat(page.split("<svg", -1)).hasSize(7);
    assertThat(LoadPage.of(run(20, "run", equal()))).contains("The pipeline kept up: ");
  }

  @Test
  void thePageNeedsNoNetworkAndNoScript() {
    assertThat(LoadPage.of(run(50, "run", equal())))
        .doesNotContain("http:", "https:", "<script", "<link", "src=", "@import", "url(");
  }

  @Test
  void whatComesFromOutsideIsEscaped() throws Exception {
    var scenario =
        new ScenarioResult(
            "s",
            HOSTILE,
            List.of(HOSTILE),
            List.of(
                new Group(
                    HOSTILE,
                    List.of(
                        new Entry(
                            HOSTILE,
                            run(20, HOSTILE, new Conclusion(Verdict.DIFFERENT, HOSTILE, 3)))))));
    String page = LoadPage.of(scenario);
    assertThat(page)
        .doesNotContain("<script", "alert(\"1\")")
        .contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;");
    // Parsed strictly: what is not closed, or not escaped, fails here. HTML's two void tags aside.
    String xml = page.replace("<!DOCTYPE html>", "").replaceAll("(<meta [^>]*)>", "$1/>");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  @Test
  void numbersInChartsAreWrittenTheSameEverywhere() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(LoadPage.of(run(50, "run", equal()))).doesNotContainPattern("points=\"\\d+,\\d,");
      assertThat(LoadPage.of(run(50, "run", equal()))).doesNotContainPattern("x=\"\\d+,\\d");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void jsonHoldsAllAndAPlanCanReadIt(@TempDir Path directory) throws IOException {
    String json = LoadJson.of(run(50, HOSTILE, equal()));
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
    assertThat(InvocationMeasurement.read(file).byPercentile().get(50.0))
        .isBetween(Duration.ofMillis(39), Duration.ofMillis(41));
  }

  @Test
  void whatIsNotSeenOfADeployedStreamIsNamedAndNowhereZero() throws IOException {
    var madeUp = new MadeUpRun(20, 10).index(40);
    var run =
        new LoadRun(
            "load",
            Instant.EPOCH,
            madeUp.traffic(),
            new TestedPipeline.Deployed("prod", "eu-west-1", "deals", Duration.ofMillis(40)),
            madeUp.measurement(),
            equal());
    JsonNode read = new ObjectMapper().readTree(LoadJson.of(run));
    for (String unseen : new String[] {"lanes", "invocation", "iteratorAgeMaxMillis", "settings"}) {
      assertThat(read.has(unseen)).as(unseen).isFalse();
    }
    assertThat(read.path("counts").has("invocations")).isFalse();
    assertThat(read.path("verdict").has("deadLetters")).isFalse();
    assertThat(read.path("seconds").path(0).has("iteratorAge")).isFalse();
    assertThat(read.at("/deployed/stack").asText()).isEqualTo("prod");
    assertThat(read.at("/deployed/notMeasured")).hasSize(4);
    assertThat(LoadPage.of(run))
        .contains("<h1>20 writes/s to deals of stack prod, eu-west-1</h1>", "Not measured")
        .contains("are at least 40")
        .doesNotContain("<h3>Lanes", "<h3>Invocations", "busiest lane", "an invocation, on");
  }

  @Test
  void aMachineAtItsEndIsToldAndNotTakenForTheSetting() {
    assertThat(findings(0.97))
        .anyMatch(
            line -> line.contains("processors were 97 % busy") && line.contains("the bottleneck"));
    assertThat(findings(0.8))
        .anyMatch(
            line ->
                line.contains("processors were 80 % busy: ")
                    && line.contains("Part of an invocation"));
    assertThat(findings(0.6)).noneMatch(line -> line.contains("processors"));
  }

  private static List<String> findings(double busy) {
    var madeUp = new MadeUpRun(20, 5).index(40).processorsBusy(busy);
    return new LoadRun(
            "load", Instant.EPOCH, madeUp.traffic(), settings(), madeUp.measurement(), equal())
        .findings();
  }

  @Test
  void aScenariosTableSaysWhichRunWasTheMachines() {
    assertThat(pageOfScenario(0.97)).contains("equal; the machine was at its end");
    assertThat(pageOfScenario(0.8)).doesNotContain("; the machine");
  }

  private static String pageOfScenario(double processorsBusy) {
    var madeUp = new MadeUpRun(20, 5).index(40).processorsBusy(processorsBusy);
    var run =
        new LoadRun(
            "load", Instant.EPOCH, madeUp.traffic(), settings(), madeUp.measurement(), equal());
    var group = new Group("a", List.of(new Entry("x", run)));
    return LoadPage.of(new ScenarioResult("s", "t", List.of(), List.of(group)));
  }

  @Test
  void aRunInTwoPlacesOfATableIsOneSection() {
    LoadRun run = run(20, "twice", equal());
    var scenario =
        new ScenarioResult(
            "s",
            "t",
            List.of(),
            List.of(
                new Group("a", List.of(new Entry("x", run))),
                new Group("b", List.of(new Entry("y", run)))));
    assertThat(LoadPage.of(scenario).split("<section", -1)).hasSize(2);
    assertThat(LoadJson.of(scenario).split("\"startedAt\"", -1)).hasSize(2);
  }

  @Test
  void aRunThatNothingCameOfIsDrawnToo() {
    var broken =
        new LoadRun(
            "broken",
            Instant.EPOCH,
            new MadeUpRun(20, 5).traffic(),
            settings(),
            new MadeUpRun(20, 5).measurement(),
            new Conclusion(Verdict.INTERRUPTED, "interrupted", 0));
    assertThat(LoadPage.of(broken)).contains("interrupted").doesNotContain("NaN", "Infinity");
    assertThat(LoadJson.of(broken)).contains("INTERRUPTED");
  }

  @Test
  void anElementThatIsStillOpenIsABug() {
    var markup = new Markup().open("p");
    assertThatIllegalStateException().isThrownBy(markup::markup);
  }

  @Test
  void scalesAreRound() {
    assertThat(Scale.upTo(9.67, 4, 0, 100).ticks()).containsExactly(0.0, 5.0, 10.0);
    assertThat(Scale.upTo(378, 4, 0, 100).most()).isEqualTo(400);
    assertThat(Scale.upTo(0, 4, 0, 100).ticks()).isNotEmpty();
    assertThat(Scale.upTo(400, 4, 100, 0).place(400)).isZero();
  }

  private static Conclusion equal() {
    return new Conclusion(Verdict.EQUAL, "table and index are equal: 1 items", 0);
  }

  private static LoadRun run(int rate, String name, Conclusion conclusion) {
    var madeUp = new MadeUpRun(rate, 10).index(40);
    return new LoadRun(
        name, Instant.EPOCH, madeUp.traffic(), settings(), madeUp.measurement(), conclusion);
  }

  private static TestedPipeline.Embedded settings() {
    return new TestedPipeline.Embedded(
        2, 1, Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(35), Duration.ofMillis(12));
  }
}
