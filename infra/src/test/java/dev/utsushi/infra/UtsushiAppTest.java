package dev.utsushi.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The app as the CLI starts it: a process of its own, its context in a variable. */
class UtsushiAppTest {
  @TempDir Path directory;

  @Test
  void brokenSettingsAreToldAllAtOnceWithoutAStackTrace() throws Exception {
    Path settings = directory.resolve("broken.yaml");
    Files.writeString(settings, "search:\n  newDomane: {}\nstreams: []\n");

    Run run = run(settings);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output().lines())
        .containsExactly(
            settings + " needs mending:",
            "  line 2: search.newDomane is no key; did you mean newDomain?",
            "  line 3: streams must have at least 1 entry");
  }

  private record Run(int exitCode, String output) {}

  private static Run run(Path settings) throws IOException, InterruptedException {
    ProcessBuilder app =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                UtsushiApp.class.getName())
            .redirectErrorStream(true);
    app.environment().putAll(Map.of("CDK_CONTEXT_JSON", "{\"config\":\"" + settings + "\"}"));
    Process process = app.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output);
  }
}
