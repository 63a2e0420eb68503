package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.projection.ItemProjection;
import dev.utsushi.core.projection.ProjectionContract;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Run.Kind;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.lambda.LogLine;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The class of docs/single-table.md: from a layer under the real runtime, and in runs. */
final class OwnProjectionIT {
  private static final Path JAR = Path.of("target/utsushi-function.jar");
  private static final String SECRET = "s3cret-marker";

  private final ConcurrentLinkedQueue<LogLine> log = new ConcurrentLinkedQueue<>();
  private final String index = "contacts-" + UUID.randomUUID();

  @Test
  void aClassInALayerShowsWhatItReturnsAndFailsOnlyItsRecord(@TempDir Path directory)
      throws Exception {
    Path layer = layer(directory, example());
    try (LambdaFunction function = function("com.example.PublishedContacts", JAR, layer)) {
      assertThat(failures(function, change(1, "1", "true", "{\"S\":\"+81-3-1234\"}"))).isEmpty();
      assertThat(failures(function, change(2, "2", "false", "{\"S\":\"" + SECRET + "\"}")))
          .isEmpty();
      assertThat(shown()).isEqualTo(Map.of("1", "…1234"));
      // It is published no more: it leaves the index.
      assertThat(failures(function, change(3, "1", "false", "{\"S\":\"+81-3-1234\"}"))).isEmpty();
      assertThat(shown()).isEmpty();
    }
    assertThat(text()).doesNotContain(SECRET);
  }

  @Test
  void theOthersOfABatchAreWritten(@TempDir Path directory) throws Exception {
    Path layer = layer(directory, failing());
    try (LambdaFunction function = function("com.example.Failing", JAR, layer)) {
      String batch =
          Stream.of(
                  change(1, "1", "true", "{\"S\":\"shown\"}"),
                  change(2, "2", "true", "{\"N\":\"5\"}"),
                  change(3, "3", "true", "{\"S\":\"shown\"}"))
              .map(event -> event.substring("{\"Records\":[".length(), event.length() - 2))
              .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
      assertThat(failures(function, batch)).containsExactly("2");
      assertThat(shown()).isEqualTo(Map.of("1", "shown", "3", "shown"));
    }
    assertThat(text())
        .contains(
            "change_rejected",
            "com.example.Failing threw java.lang.IllegalStateException at line 8",
            "\"key\":\"2\"")
        .doesNotContain("not for logs");
  }

  @Test
  void aMissingClassIsToldAtStart() throws Exception {
    try (LambdaFunction function = function("com.example.Missing", JAR)) {
      assertThat(function.invoke("{}".getBytes(UTF_8)))
          .isInstanceOf(InvocationResult.InitFailed.class);
    }
    assertThat(text())
        .contains(
            "UTSUSHI_TARGETS /0/class is missing: 'com.example.Missing' is in no jar in java/lib of"
                + " a layer of this function");
  }

  /** The author's own test, with the class as it is in the page. */
  @Test
  void theExampleKeepsToTheContract(@TempDir Path directory) throws Exception {
    Path layer = layer(directory, example());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {layer.toUri().toURL()})) {
      Class<?> type = loader.loadClass("com.example.PublishedContacts");
      Map<String, Value> item =
          Map.of(
              "id", new Value.Text("1"),
              "published", new Value.Bool(true),
              "phone", new Value.Text("12"));
      assertThat(ProjectionContract.problems(type, List.of("id"), List.of(item))).isEmpty();
    }
  }

  /** Fails for items of another type, and hides drafts. */
  public static final class InRuns implements ItemProjection {
    @Override
    public Optional<Map<String, Value>> project(Map<String, Value> item) {
      return switch (item.get("state")) {
        case Value.Text(String state) when state.equals("draft") -> Optional.empty();
        case Value.Text _ -> {
          Map<String, Value> shown = new LinkedHashMap<>(item);
          shown.put("length", new Value.Decimal("1"));
          yield Optional.of(shown);
        }
        case null, default -> throw new IllegalStateException(item.toString());
      };
    }
  }

  @Test
  void runsAskTheClassAndLeaveDocumentsAloneForWhichItFails() {
    RunWorld world =
        new RunWorld(
            SharedServers.dynamoDb(),
            Engines.openSearch(),
            Map.of("UTSUSHI_INDEX", index, "UTSUSHI_TARGETS", targets(InRuns.class.getName())));
    world.table.put(item("shown", AttributeValue.fromS("done")));
    world.table.put(item("hidden", AttributeValue.fromS("draft")));
    world.table.put(item("left", AttributeValue.fromS("done")));
    world.table.put(item("stands", AttributeValue.fromS("done")));
    Run backfill = world.finish(world.start(Kind.BACKFILL, 2, false));
    assertThat(world.count(backfill, Count.WRITTEN)).isEqualTo(3);

    world.table.put(item("left", AttributeValue.fromS("draft")));
    world.table.put(item("stands", AttributeValue.fromN("1")));
    Run verified = world.finish(world.start(Kind.VERIFY, 2, true));
    assertThat(world.findings(verified))
        .extracting(Finding::kind, Finding::id)
        .containsExactlyInAnyOrder(tuple(Count.GHOST, "left"), tuple(Count.REJECTED, "stands"));
    assertThat(world.findings(verified).toString()).contains("InRuns threw").doesNotContain("{");
    assertThat(documents().found()).containsOnlyKeys("shown", "stands");

    Run again = world.finish(world.start(Kind.BACKFILL, 2, false));
    assertThat(world.findings(again)).extracting(Finding::id).containsExactly("stands");
  }

  private static Map<String, AttributeValue> item(String id, AttributeValue state) {
    return Map.of("id", AttributeValue.fromS(id), "state", state);
  }

  private static String example() throws Exception {
    var block = Pattern.compile("```java\n(package.*?)```", Pattern.DOTALL);
    var matcher = block.matcher(Files.readString(Path.of("../docs/single-table.md")));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String failing() {
    return """
    package com.example;
    import dev.utsushi.core.change.Value;
    import java.util.Map;
    import java.util.Optional;
    public final class Failing implements dev.utsushi.core.projection.ItemProjection {
      public Optional<Map<String, Value>> project(Map<String, Value> item) {
        if (!(item.get("phone") instanceof Value.Text)) {
          throw new IllegalStateException("not for logs");
        }
        return Optional.of(item);
      }
    }
    """;
  }

  /** Compiles a class into the jar of a layer, against the function's jar. */
  private static Path layer(Path directory, String source) throws Exception {
    var name = Pattern.compile("class (\\w+)").matcher(source);
    assertThat(name.find()).isTrue();
    Path file = Files.writeString(directory.resolve(name.group(1) + ".java"), source);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-proc:none",
                    "-cp",
                    JAR.toString(),
                    "-d",
                    classes.toString(),
                    file.toString()))
        .isZero();
    String entry = "com/example/" + name.group(1) + ".class";
    Path layer = directory.resolve("layer.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(layer))) {
      jar.putNextEntry(new JarEntry(entry));
      jar.write(Files.readAllBytes(classes.resolve(entry)));
    }
    return layer;
  }

  private LambdaFunction function(String className, Path... code) {
    Map<String, String> environment = new HashMap<>();
    URI engine = Engines.openSearch().endpoint();
    environment.put("UTSUSHI_SEARCH_ENDPOINT", engine.toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", index);
    environment.put("UTSUSHI_PARTITION_KEY", "id");
    environment.put("UTSUSHI_TARGETS", targets(className));
    return new LambdaFunction(
        LambdaConfiguration.of(
                "replication",
                List.of(code),
                ReplicationHandler.class.getName() + "::handleRequest")
            .withEnvironment(environment)
            .withTimeout(Duration.ofSeconds(30))
            .withLog(log::add));
  }

  private String targets(String className) {
    return "[{\"index\":\"%s\",\"class\":\"%s\"}]".formatted(index, className);
  }

  private static String change(int number, String id, String published, String phone) {
    String image =
        "{\"id\":{\"S\":\"%s\"},\"published\":{\"BOOL\":%s},\"phone\":%s}"
            .formatted(id, published, phone);
    return """
    {"Records":[{"eventID":"%1$s","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb",
    "awsRegion":"us-east-1","eventSourceARN":"arn:aws:dynamodb:us-east-1:1:table/t/stream/2026-11-01T00:00:00.000",
    "dynamodb":{"ApproximateCreationDateTime":1790000000,"Keys":{"id":{"S":"%2$s"}},"NewImage":%3$s,
    "SequenceNumber":"%1$s","SizeBytes":1,"StreamViewType":"NEW_IMAGE"}}]}\
    """
        .formatted(number, id, image);
  }

  private static List<String> failures(LambdaFunction function, String event) throws Exception {
    InvocationResult result = function.invoke(event.getBytes(UTF_8));
    assertThat(result).isInstanceOf(InvocationResult.Succeeded.class);
    return new ObjectMapper()
        .readTree(((InvocationResult.Succeeded) result).payload())
        .path("batchItemFailures")
        .findValuesAsText("itemIdentifier");
  }

  private EngineIndex documents() {
    return new EngineIndex(Engines.openSearch().endpoint(), index);
  }

  private Map<String, String> shown() {
    Map<String, String> shown = new HashMap<>();
    for (Map.Entry<String, JsonNode> each : documents().found().entrySet()) {
      shown.put(each.getKey(), each.getValue().path("phone").asText());
    }
    return shown;
  }

  private String text() {
    return log.stream().map(LogLine::text).collect(Collectors.joining("\n"));
  }
}
