package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.infra.settings.SettingsFile;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/** A stack of four streams, synthesized as the CDK CLI would, with the real function's jar. */
final class SynthesizedStack {
  static final String VISITS = "visits";
  static final String DEALS = "deals";

  /** Its failures get a second chance, and it is verified on a schedule. */
  static final String ORDERS = "orders";

  /** Its stream is not read, so that its items are in no index. */
  static final String BEFORE = "history";

  static final Map<String, Integer> FACTORS = Map.of(VISITS, 3, DEALS, 1);

  private static final String SETTINGS =
      """
      stack: four-streams
      search:
        newDomain:
          instanceType: t3.small.search
          dataNodes: 2
          volumeGib: 20
      streams:
        - index: visits
          table: {create: {partitionKey: id}}
          parallelizationFactor: 3
        - index: deals
          table: {create: {partitionKey: id}}
        - index: orders
          table: {create: {partitionKey: id}}
          secondChanceSeconds: 3
          verify: {schedule: rate(1 day), readCapacity: 100}
        - index: history
          table: {create: {partitionKey: id}}
          enabled: false
          backfill: {maximumConcurrency: 2}
      """;
  private static final JsonMapper JSON = new JsonMapper();

  /** Synthesized once for all tests of this JVM, on servers that go with it: both take seconds. */
  private static final class Once {
    static final SynthesizedStack STACK = make();

    private static SynthesizedStack make() {
      var servers = CompletableFuture.supplyAsync(LocalAws::start);
      try {
        Path output =
            synthesize(
                Files.createTempDirectory(Path.of("target").toAbsolutePath(), "stack"), SETTINGS);
        LocalAws aws = servers.join();
        Runtime.getRuntime().addShutdownHook(new Thread(aws::close));
        return new SynthesizedStack(output, aws);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Path directory;
  private final LocalAws aws;

  private SynthesizedStack(Path directory, LocalAws aws) {
    this.directory = directory;
    this.aws = aws;
  }

  static SynthesizedStack once() {
    return Once.STACK;
  }

  /** Returns the directory with the template of these settings. */
  static Path synthesize(Path directory, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("utsushi.yaml"), text);
    Path output = directory.resolve("cdk.out");
    App app =
        new App(
            AppProps.builder()
                .outdir(output.toString())
                .context(Map.of("@aws-cdk/core:validateAgainstDefaultRules", true))
                .build());
    switch (SettingsFile.read(file)) {
      case SettingsFile.Outcome.Read(var settings) ->
          assertThat(
                  UtsushiApp.synthesize(
                      app, settings, Path.of(System.getProperty("utsushi.function.jar", ""))))
              .isPresent();
      case SettingsFile.Outcome.Broken(var problems) ->
          throw new AssertionError("The test's own settings are broken: " + problems);
    }
    return output;
  }

  /** Runs the template with one thing changed in it. */
  RunningTemplate start(Consumer<ObjectNode> change) throws IOException, InterruptedException {
    return start(Bindings.none(), change);
  }

  /** Runs the template, and denies what its policies do not allow. */
  RunningTemplate startEnforced(Consumer<ObjectNode> change)
      throws IOException, InterruptedException {
    return start(Bindings.none().withEnforcesPermissions(true), change);
  }

  private RunningTemplate start(Bindings bindings, Consumer<ObjectNode> change)
      throws IOException, InterruptedException {
    Path file = directory.resolve("four-streams.template.json");
    byte[] synthesized = Files.readAllBytes(file);
    try {
      ObjectNode template = (ObjectNode) JSON.readTree(synthesized);
      change.accept((ObjectNode) template.path("Resources"));
      JSON.writeValue(file.toFile(), template);
      return RunningTemplate.start(aws, Template.read(file), bindings);
    } finally {
      Files.write(file, synthesized);
    }
  }

  /** What a stack leaves behind must be nothing to the next one. */
  void clear() throws IOException, InterruptedException {
    assertThat(aws.dynamoDb().client().listTables().tableNames()).isEmpty();
    assertThat(aws.sqs().client().listQueues().queueUrls()).isEmpty();
    try (var http = HttpClient.newHttpClient()) {
      for (String path : List.of("/*-000001", "/_component_template/utsushi-*")) {
        var delete = HttpRequest.newBuilder(aws.search().endpoint().resolve(path)).DELETE();
        // 404 if there is none.
        assertThat(http.send(delete.build(), BodyHandlers.ofString()).statusCode()).isIn(200, 404);
      }
    }
  }

  /** Adds a copy of a stream's part of the stack, as if the settings had one more like it. */
  static void copy(ObjectNode resources, String stream, String copy) {
    ObjectNode copies = JSON.createObjectNode();
    for (var resource : resources.properties()) {
      if (resource.getKey().startsWith(stream)) {
        copies.set(
            copy + resource.getKey().substring(stream.length()),
            renamed(resource.getValue(), stream, copy));
      }
    }
    resources.setAll(copies);
  }

  private static JsonNode renamed(JsonNode resource, String stream, String copy) {
    try {
      return JSON.readTree(resource.toString().replace(stream, copy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The properties of the one resource of this type in a part of the stack.
   *
   * @param part the stream, and which of its constructs
   */
  static ObjectNode properties(ObjectNode resources, String part, String type) {
    return resources
        .propertyStream()
        .filter(resource -> resource.getKey().startsWith(part))
        .map(Map.Entry::getValue)
        .filter(resource -> resource.path("Type").asText().equals(type))
        .map(resource -> (ObjectNode) resource.path("Properties"))
        .findFirst()
        .orElseThrow();
  }
}
