package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.cli.load.StackLoad;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.report.Conclusion.Verdict;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.operations.stack.StackSelector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load tests on a running stream, which the command finds by Lambda's API. */
class StackLoadIT {
  /** The item that existed before, and the one that the test writes and deletes first. */
  private static final int WITHOUT_THE_TRAFFIC = 2;

  @TempDir private Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init") // before each test
  private DlqWorld world;

  @BeforeEach
  void aTableWithAnItem() throws Exception {
    world = new DlqWorld(directory, Duration.ofSeconds(20));
    world.put("before", 1);
    world.awaitQuiet();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void itemsArriveTheReportAddsUpAndNothingIsLeft() throws Exception {
    Map<String, String> versions = world.versions();
    var ran = load("--rate 15 --seconds 5 --item-size 100..2000 --yes");

    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.err()).isEmpty();
    JsonNode result = result();
    int planned = result.at("/counts/planned").asInt();
    assertThat(planned).isBetween(40, 120);
    assertThat(ran.out())
        .contains("This writes %d new items to table deals (account ".formatted(planned))
        .contains("the test's items and their documents are equal: %d".formatted(planned))
        .contains("The test's items are deleted, and readers find none of their documents.");
    for (String count : new String[] {"sent", "acknowledged", "indexed"}) {
      assertThat(result.at("/counts/" + count).asInt()).as(count).isEqualTo(planned);
    }
    assertThat(result.at("/lag/indexed/count").asInt()).isEqualTo(planned);
    assertThat(result.at("/lag/indexed/p50").asDouble()).isPositive();
    // A search finds a change only after it is indexed; both times are from one clock here.
    assertThat(result.at("/lag/searchable/p50").asDouble())
        .isGreaterThan(result.at("/lag/indexed/p50").asDouble());
    assertThat(result.at("/deployed/stack").asText()).isEqualTo("utsushi-local");
    assertThat(result.has("lanes")).isFalse();
    assertThat(Files.readString(directory.resolve("load.html"))).contains("Not measured");

    assertNothingIsLeft();
    // The tombstones stay: those of the plan's items, and that of the first item.
    assertThat(world.versions()).containsAllEntriesOf(versions).hasSize(planned + 2);
  }

  @Test
  void theFirstItemCreatesTheIndex(@TempDir Path other) throws Exception {
    try (var empty = new DlqWorld(other, Duration.ofSeconds(20))) {
      var ran =
          DlqWorld.run(
              "load --rate 5 --seconds 2 --yes --out %s --local=%s"
                  .formatted(other, empty.endpoints()));
      assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
    }
  }

  @Test
  void anInterruptDeletesWhatWasWritten() throws Exception {
    try (var load =
        new LaunchedCommand(
            "load",
            "--local=" + world.endpoints(),
            "--rate=20",
            "--seconds=600",
            "--yes",
            "--out=" + directory)) {
      load.await(() -> documents() > WITHOUT_THE_TRAFFIC);
      load.awaitLine(".* written [1-9]\\d*, .*");
      load.interrupt();

      assertThat(load.exitCode()).isEqualTo(130);
    }
    JsonNode result = result();
    assertThat(result.at("/verdict/comparison").asText()).isEqualTo("INTERRUPTED");
    assertThat(result.at("/counts/acknowledged").asInt())
        .isPositive()
        .isLessThan(result.at("/counts/planned").asInt());
    assertThat(result.at("/counts/indexed").asInt()).isPositive();
    assertNothingIsLeft();
  }

  @Test
  void cleanFindsAndDeletesWhatAKilledTestLeft() throws Exception {
    try (var load =
        new LaunchedCommand(
            "load",
            "--local=" + world.endpoints(),
            "--rate=20",
            "--seconds=600",
            "--yes",
            "--out=" + directory)) {
      load.await(() -> documents() > WITHOUT_THE_TRAFFIC);
    }
    world.put("utsushi-load-book", 2);
    world.awaitQuiet();
    int left = keys().size() - 2;
    assertThat(left).isPositive();

    var refused = DlqWorld.answered("no", "load clean --local=" + world.endpoints());
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.out()).contains("Type the name of the table, deals", "Nothing was deleted");
    assertThat(clean("nosuchrun --yes").exitCode()).isEqualTo(2);
    assertThat(clean("--json").exitCode()).isEqualTo(2);
    assertThat(keys()).hasSize(left + 2);

    var cleaned = clean("--rate 500 --yes --json");
    assertThat(cleaned.exitCode()).as(cleaned.err()).isZero();
    JsonNode run = new JsonMapper().readTree(cleaned.out()).path("runs").path(0);
    assertThat(run.path("found").asInt()).isEqualTo(left);
    assertThat(run.path("left").asInt()).isZero();
    assertThat(run.path("inIndex").asInt()).isZero();
    assertThat(keys()).containsExactlyInAnyOrder("before", "utsushi-load-book");
    assertThat(documents()).isEqualTo(2);
    assertThat(clean("--yes").out()).contains("Table deals has no items of load tests");
  }

  private DlqWorld.Ran clean(String arguments) {
    return DlqWorld.run("load clean --local=%s %s".formatted(world.endpoints(), arguments));
  }

  @Test
  void nothingIsWrittenWithoutConfirmationOrAReadableIndex() throws Exception {
    var out = new StringWriter();
    assertThat(asking(out, new StringReader("no\n")).run()).isEqualTo(Verdict.DIFFERENT);
    assertThat(out.toString()).contains("Type the name of the table, deals", "Nothing was written");

    var other = load("--rate 5 --yes --stream other");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err().lines()).singleElement().asString().contains("has no stream to other");

    world.aws().search().stop();
    var unread = load("--rate 5 --yes");
    assertThat(unread.exitCode()).isEqualTo(3);
    assertThat(unread.err().lines())
        .singleElement()
        .asString()
        .contains("does not answer from here", "nothing was written");
    assertThat(keys()).containsExactly("before");
    assertThat(directory.resolve("load.json")).doesNotExist();
  }

  /** The answer never comes, as at a terminal where nobody types. */
  @Test
  void ctrlCAtTheQuestionEndsItAtOnceAndWritesNothing() throws Exception {
    var out = new StringWriter();
    try (var typing = new PipedWriter();
        var answers = new PipedReader(typing)) {
      var test = new FutureTask<>(asking(out, answers)::run);
      Thread running = Thread.ofPlatform().start(test);
      await().until(() -> out.toString().contains("Type the name of the table, deals"));
      running.interrupt();

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> test.get(1, TimeUnit.MINUTES))
          .withCauseInstanceOf(InterruptedException.class);
    }
    assertThat(keys()).containsExactly("before");
    assertThat(directory.resolve("load.json")).doesNotExist();
  }

  private StackLoad asking(StringWriter out, Reader answers) {
    var traffic =
        new Traffic(
            ArrivalProfile.steady(5, Duration.ofSeconds(30)),
            ArrivalPattern.POISSON,
            KeyDistribution.newItems(),
            1);
    return new StackLoad(
        new StackSelector.Local(world.endpoints(), "deals"),
        traffic,
        directory,
        Terminal.plain(new PrintWriter(out, true)),
        Optional.empty(),
        Optional.empty(),
        new BufferedReader(answers));
  }

  private void assertNothingIsLeft() throws InterruptedException {
    assertThat(keys()).containsExactly("before");
    JsonNode found = world.search().send("GET", "/deals/_search?size=10", "");
    assertThat(found.path("hits").path("hits"))
        .extracting(hit -> hit.path("_id").asText())
        .containsExactly("before");
  }

  /** Returns the number of documents that readers find. */
  private int documents() throws InterruptedException {
    return world.search().send("GET", "/deals/_count", "").path("count").asInt();
  }

  private List<String> keys() {
    return world.aws().dynamoDb().client().scan(scan -> scan.tableName("deals")).items().stream()
        .map(item -> item.getOrDefault("deal", fromS("")).s())
        .toList();
  }

  private DlqWorld.Ran load(String arguments) {
    return DlqWorld.run(
        "load %s --local=%s --out=%s".formatted(arguments, world.endpoints(), directory));
  }

  private JsonNode result() throws IOException {
    return new JsonMapper().readTree(directory.resolve("load.json").toFile());
  }
}
