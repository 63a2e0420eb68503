package dev.utsushi.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.infra.settings.SettingsFile;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import dev.utsushi.infra.settings.StackSettings;
import dev.utsushi.infra.template.LocalTemplate;
import dev.utsushi.infra.template.StatefulChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.cxapi.CloudAssembly;
import software.amazon.awscdk.cxapi.CloudFormationStackArtifact;

/** Writes the stack for those who deploy without the CDK: what {@code utsushi template} starts. */
public final class TemplateApp {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int WRITTEN = 0;
  private static final int REPLACES_STATE = 1;
  private static final int INVALID = 2;
  private static final int FAILED = 3;

  private final Path out;
  private final Optional<JsonNode> deployed;

  private TemplateApp(Path out, Optional<JsonNode> deployed) {
    this.out = out;
    this.deployed = deployed;
  }

  /**
   * Runs in the directory of cdk.json.
   *
   * @param arguments the settings file, the directory to write to, and the deployed template if the
   *     two shall be compared
   */
  public static void main(String[] arguments) {
    try {
      List<Path> files = Stream.of(arguments).map(Path::of).toList();
      System.exit(run(files.get(0), files.get(1), files.stream().skip(2).findFirst()));
    } catch (IOException | RuntimeException | LinkageError e) {
      System.err.println("utsushi template: " + e);
      System.exit(FAILED);
    }
  }

  static int run(Path config, Path out, Optional<Path> deployed) throws IOException {
    Optional<JsonNode> template = Optional.empty();
    if (deployed.isPresent()) {
      template = template(deployed.get());
      if (template.isEmpty()) {
        System.err.println(deployed.get() + " is not a template in JSON");
        return INVALID;
      }
    }
    return switch (SettingsFile.read(config)) {
      case SettingsFile.Outcome.Read(StackSettings settings) ->
          new TemplateApp(out, template).synthesize(settings);
      case SettingsFile.Outcome.Broken(List<Problem> problems) -> {
        UtsushiApp.print(config, problems);
        yield INVALID;
      }
    };
  }

  /** The AWS CLI writes a template that it can't parse as a text. */
  private static Optional<JsonNode> template(Path file) throws IOException {
    try {
      JsonNode json = JSON.readTree(file.toFile());
      JsonNode template = json.isTextual() ? JSON.readTree(json.textValue()) : json;
      return Optional.of(template).filter(it -> it.path("Resources").isObject());
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private int synthesize(StackSettings settings) throws IOException {
    Path directory = Files.createTempDirectory("utsushi-template");
    try {
      Map<String, Object> context = context();
      App app = new App(AppProps.builder().outdir(directory.toString()).context(context).build());
      Path functionJar = Path.of(String.valueOf(context.get("functionJar")));
      Optional<CloudAssembly> assembly = UtsushiApp.synthesize(app, settings, functionJar);
      if (assembly.isEmpty()) {
        return INVALID;
      }
      CloudFormationStackArtifact stack = assembly.get().getStackByName(settings.stack());
      printWarnings(stack);
      return compare(LocalTemplate.write(stack, directory, out), stack);
    } finally {
      delete(directory);
    }
  }

  /** As the CDK CLI does; a finding that is an error fails the synthesis. */
  private static void printWarnings(CloudFormationStackArtifact stack) {
    stack
        .getMetadata()
        .forEach(
            (path, entries) ->
                entries.stream()
                    .filter(entry -> entry.getType().equals("aws:cdk:warning"))
                    .forEach(
                        entry -> System.err.printf("[Warning at %s] %s%n", path, entry.getData())));
  }

  /** Returns what the CDK CLI passes to the app. */
  private static Map<String, Object> context() throws IOException {
    JsonNode given = JSON.readTree(Path.of("cdk.json").toFile()).path("context");
    Map<String, Object> context =
        new HashMap<>(JSON.convertValue(given, new TypeReference<Map<String, Object>>() {}));
    context.put("aws:cdk:enable-path-metadata", true);
    return context;
  }

  private int compare(JsonNode template, CloudFormationStackArtifact stack) {
    List<String> changes =
        deployed.map(it -> StatefulChanges.between(it, template)).orElse(List.of());
    System.out.printf("%s holds the template and its code.%n", out);
    if (changes.isEmpty()) {
      printCommands(stack);
      return WRITTEN;
    }
    System.out.println("The update would replace or remove what holds state:");
    changes.forEach(change -> System.out.println("  " + change));
    return REPLACES_STATE;
  }

  private void printCommands(CloudFormationStackArtifact stack) {
    String tags =
        stack.getTags().entrySet().stream()
            .map(tag -> " '%s=%s'".formatted(tag.getKey(), tag.getValue()))
            .collect(Collectors.joining());
    System.out.printf(
        """
        Next, with a bucket of yours in the stack's region:
          aws cloudformation package --template-file %1$s/template.json --s3-bucket BUCKET --use-json --output-template-file %1$s/packaged.json
          aws cloudformation deploy --template-file %1$s/packaged.json --s3-bucket BUCKET --stack-name %2$s --capabilities CAPABILITY_IAM%3$s
        """,
        out, stack.getStackName(), tags.isEmpty() ? "" : " --tags" + tags);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
