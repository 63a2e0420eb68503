package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The template for those who deploy without the CDK. */
class TemplateAppTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String SETTINGS =
      """
      tags: { team: sales }
      search:
        endpoint:
          url: https://search.example.com:9200
          auth: apikey
          secretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf
      streams:
        - index: deals
          table: { create: { partitionKey: id } }
          filterPatterns: [{ eventName: [INSERT] }]
        - index: visits
          table: { create: { partitionKey: id } }
          mapping: visits.json
      """;

  @TempDir private Path directory = Path.of("");

  @Test
  void isTheTemplateOfTheCdkWithCodeBesideIt() throws Exception {
    Path config = Files.writeString(directory.resolve("utsushi.yaml"), SETTINGS);
    Files.writeString(
        directory.resolve("visits.json"), "{\"properties\": {\"at\": {\"type\": \"date\"}}}");
    Path out = directory.resolve("stack");
    Ran ran = run(List.of(config.toString(), out.toString()));

    assertThat(ran.exitCode()).as(ran.output()).isZero();
    assertThat(ran.output())
        .contains("[Warning at /utsushi/deals] No filter pattern takes every REMOVE")
        .contains(
            "aws cloudformation package --template-file " + out + "/template.json",
            "--stack-name utsushi --capabilities CAPABILITY_IAM --tags 'team=sales'\n");
    JsonNode template = JSON.readTree(out.resolve("template.json").toFile());
    assertThat(template.toString())
        .doesNotContain("S3Bucket", "S3Key", "hnb659fds", "cdk-", "BootstrapVersion");
    assertThat(functions(template)).hasSize(8);
    assertThat(functions(template))
        .allSatisfy(it -> assertThat(out.resolve(it.path("Code").textValue())).isRegularFile());
    assertThat(withoutCode(template)).isEqualTo(withoutCode(template(cdkSynth(config))));

    // The code of another time goes.
    Files.writeString(out.resolve("asset.old.jar"), "old");
    Files.writeString(config, SETTINGS.replace("index: deals", "index: orders"));
    Path deployed = Files.copy(out.resolve("template.json"), directory.resolve("deployed.json"));
    Ran again = run(List.of(config.toString(), out.toString(), deployed.toString()));
    assertThat(again.exitCode()).as(again.output()).isEqualTo(1);
    assertThat(again.output())
        .contains("would replace or remove", "  dealsTable")
        .doesNotContain("aws cloudformation");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .doesNotContain("asset.old.jar")
          .hasSize(3);
    }
  }

  @Test
  void mistakesOfTheInputAreExitCodeTwo() throws Exception {
    Path config = Files.writeString(directory.resolve("utsushi.yaml"), "stak: a\n" + SETTINGS);
    Path out = directory.resolve("stack");
    Ran ran = run(List.of(config.toString(), out.toString()));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.output())
        .startsWith(config + " is invalid:\n  line 1: stak is an unknown key; did you mean stack?");
    assertThat(out).doesNotExist();

    Path deployed = Files.writeString(directory.resolve("deployed.json"), "\"Resources:\\n  Q:\"");
    Ran noJson = run(List.of(config.toString(), out.toString(), deployed.toString()));
    assertThat(noJson.exitCode()).isEqualTo(2);
    assertThat(noJson.output()).isEqualTo(deployed + " is not a template in JSON\n");
  }

  @Test
  void whatTheCdkItselfFindsIsNoStackTrace() throws Exception {
    String domain = "search: { newDomain: { instanceType: r99.large.search } }\nstreams:";
    Path config =
        Files.writeString(
            directory.resolve("utsushi.yaml"),
            SETTINGS
                .replaceFirst("(?s)search:.*streams:", domain)
                .replace("    mapping: visits.json\n", ""));
    Ran ran = run(List.of(config.toString(), directory.resolve("stack").toString()));

    assertThat(ran.exitCode()).as(ran.output()).isEqualTo(2);
    assertThat(ran.output())
        .contains("'r99.large.search' is not valid", "The CDK refuses the template")
        .doesNotContain("\tat ", "Exception");
  }

  /** Runs the app as the CDK CLI does. */
  private Path cdkSynth(Path config) throws IOException, InterruptedException {
    ObjectNode context = (ObjectNode) JSON.readTree(Path.of("cdk.json").toFile()).path("context");
    context.put("config", config.toString()).put("aws:cdk:enable-path-metadata", true);
    context.put("aws:cdk:enable-asset-metadata", true);
    Path assembly = directory.resolve("cdk.out");
    ProcessBuilder app = app(UtsushiApp.class, List.of());
    app.environment().put("CDK_CONTEXT_JSON", context.toString());
    app.environment().put("CDK_OUTDIR", assembly.toString());
    assertThat(run(app)).extracting(Ran::exitCode).isEqualTo(0);
    return assembly;
  }

  private static JsonNode template(Path assembly) throws IOException {
    return JSON.readTree(assembly.resolve("utsushi.template.json").toFile());
  }

  private static List<ObjectNode> functions(JsonNode template) {
    return template
        .path("Resources")
        .valueStream()
        .filter(it -> it.path("Type").asText().equals("AWS::Lambda::Function"))
        .map(it -> (ObjectNode) it.path("Properties"))
        .toList();
  }

  private static JsonNode withoutCode(JsonNode template) {
    functions(template).forEach(it -> it.remove("Code"));
    for (JsonNode resource : template.path("Resources")) {
      if (resource.path("Metadata") instanceof ObjectNode metadata) {
        metadata.remove(List.of("aws:asset:path", "aws:asset:is-bundled", "aws:asset:property"));
      }
    }
    return template;
  }

  private record Ran(int exitCode, String output) {}

  private static Ran run(List<String> arguments) throws IOException, InterruptedException {
    return run(app(TemplateApp.class, arguments));
  }

  private static Ran run(ProcessBuilder app) throws IOException, InterruptedException {
    Process process = app.redirectErrorStream(true).start();
    String output = String.join("\n", process.inputReader().lines().toList()) + "\n";
    return new Ran(process.waitFor(), output);
  }

  private static ProcessBuilder app(Class<?> main, List<String> arguments) {
    ProcessBuilder app =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()),
                    arguments.stream())
                .toList());
    app.environment().put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
    return app;
  }
}
