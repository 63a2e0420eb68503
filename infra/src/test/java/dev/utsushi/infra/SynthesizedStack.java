package dev.utsushi.infra;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.infra.settings.SettingsFile;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.TemplateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/** A stack of two streams, synthesized as the CDK CLI would, with the real function's jar. */
final class SynthesizedStack {
  static final String VISITS = "visits";
  static final String DEALS = "deals";
  static final int VISITS_FACTOR = 3;
  static final int DEALS_FACTOR = 1;

  private static final String SETTINGS =
      """
      stack: two-streams
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
      """;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path directory;

  private SynthesizedStack(Path directory) {
    this.directory = directory;
  }

  static SynthesizedStack into(Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("utsushi.yaml"), SETTINGS);
    Path output = directory.resolve("cdk.out");
    App app =
        new App(
            AppProps.builder()
                .outdir(output.toString())
                .context(Map.of("@aws-cdk/core:validateAgainstDefaultRules", true))
                .build());
    switch (SettingsFile.read(file)) {
      case SettingsFile.Outcome.Read(var settings) ->
          UtsushiApp.synthesize(
              app, settings, Path.of(System.getProperty("utsushi.function.jar", "")));
      case SettingsFile.Outcome.Broken(var problems) ->
          throw new AssertionError("The test's own settings are broken: " + problems);
    }
    return new SynthesizedStack(output);
  }

  /** Runs the template with one thing changed in it. */
  RunningTemplate start(Consumer<ObjectNode> change) throws IOException, InterruptedException {
    Path file = directory.resolve("two-streams.template.json");
    byte[] synthesized = Files.readAllBytes(file);
    try {
      ObjectNode template = (ObjectNode) JSON.readTree(synthesized);
      change.accept((ObjectNode) template.path("Resources"));
      JSON.writeValue(file.toFile(), template);
      return RunningTemplate.start(TemplateFile.read(file), Bindings.none());
    } finally {
      Files.write(file, synthesized);
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
