package dev.utsushi.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The app as the CLI starts it: a process of its own, its context in a variable. */
class UtsushiAppTest {
  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

  private static final String EVERYTHING =
      """
      stack: everything
      region: eu-central-1
      tags: { team: sales, stage: prod, cost: search }
      kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/0a1b-2c3d
      permissionsBoundaryArn: arn:aws:iam::123456789012:policy/boundary
      alarmTopicArn: arn:aws:sns:eu-central-1:123456789012:on-call
      search:
        newDomain: { masterUserRoleArn: "arn:aws:iam::123456789012:role/admin" }
      vpc:
        id: vpc-0123456789abcdef0
        subnets:
          - { id: subnet-0123456789abcdef0, availabilityZone: eu-central-1a }
      streams:
        - index: deals
          table: { create: { partitionKey: id, sortKey: at, timeToLiveAttribute: until } }
          filterPatterns: [{ dynamodb: { Keys: { id: { S: [a] }, at: { S: [b] } } } }]
          lagAttribute: at
          secondChanceSeconds: 60
          readers: ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"]
        - index: people
          table: { create: { name: people, partitionKey: id } }
      """;

  @Test
  void reportsEightMistakesAtOnceWithoutAStackTrace() throws Exception {
    Run run = run("eight-mistakes.yaml");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEqualTo(Files.readString(RESOURCES.resolve("eight-mistakes.txt")));
  }

  /** The maps of the JDK have one of two orders in each process: three tell most faults. */
  @Test
  void synthesizesTheSameInEachProcess(@TempDir Path directory) throws Exception {
    Path settings = Files.writeString(directory.resolve("utsushi.yaml"), EVERYTHING);
    Path jar = Files.writeString(directory.resolve("utsushi-function.jar"), "the function");
    String context = "{\"config\":\"%s\",\"functionJar\":\"%s\"}".formatted(settings, jar);
    List<Process> apps = new ArrayList<>();
    for (String output : List.of("first", "second", "third")) {
      apps.add(start(context, Map.of("CDK_OUTDIR", directory.resolve(output).toString())));
    }
    for (Process app : apps) {
      String output = new String(app.getInputStream().readAllBytes(), UTF_8);
      assertThat(app.waitFor()).as(output).isZero();
    }
    for (String output : List.of("second", "third")) {
      for (String file : List.of("everything.template.json", "everything.assets.json")) {
        assertThat(directory.resolve(output).resolve(file))
            .hasSameTextualContentAs(directory.resolve("first").resolve(file));
      }
    }
  }

  @Test
  void withoutNodeTheScriptSaysSo(@TempDir Path bin) throws Exception {
    Files.createSymbolicLink(bin.resolve("dirname"), Path.of("/usr/bin/dirname"));
    ProcessBuilder script = new ProcessBuilder("/bin/bash", "app.sh").redirectErrorStream(true);
    script.environment().put("PATH", bin.toString());
    Process process = script.start();

    assertThat(process.inputReader().lines())
        .containsExactly("utsushi: node is not on PATH: the CDK needs Node 20 or newer");
    assertThat(process.waitFor()).isEqualTo(3);
  }

  private record Run(int exitCode, String output) {}

  private static Run run(String settings) throws IOException, InterruptedException {
    Process process = start("{\"config\":\"" + settings + "\"}", Map.of());
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }

  private static Process start(String context, Map<String, String> variables) throws IOException {
    ProcessBuilder app =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                UtsushiApp.class.getName())
            .directory(RESOURCES.toFile())
            .redirectErrorStream(true);
    app.environment().putAll(variables);
    app.environment()
        .putAll(
            Map.of(
                "CDK_CONTEXT_JSON",
                context,
                // jsii warns of each Node version that is past its end of life.
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
                "20"));
    return app.start();
  }
}
