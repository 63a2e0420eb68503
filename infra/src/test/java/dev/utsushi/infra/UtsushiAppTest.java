package dev.utsushi.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The app as the CLI starts it: a process of its own, its context in a variable. */
class UtsushiAppTest {
  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

  @Test
  void reportsEightMistakesAtOnceWithoutAStackTrace() throws Exception {
    Run run = run("eight-mistakes.yaml");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).isEqualTo(Files.readString(RESOURCES.resolve("eight-mistakes.txt")));
  }

  private record Run(int exitCode, String output) {}

  private static Run run(String settings) throws IOException, InterruptedException {
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
    app.environment()
        .putAll(
            Map.of(
                "CDK_CONTEXT_JSON",
                "{\"config\":\"" + settings + "\"}",
                // jsii warns of each Node version that is past its end of life.
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
                "20"));
    Process process = app.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }
}
