package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a fresh clone; its Maven and its JDK are scripts that leave traces. */
class LauncherIT {
  private static final String BUILD =
      """
      #!/bin/sh
      echo build >>builds
      if [ -e busy ]; then echo overlap >>builds; fi
      touch busy
      echo '[INFO] Building Utsushi: core 1.0  [1/9]'
      while [ -e hold ]; do sleep 0.1; done
      mkdir -p cli/target function/target worker/target/app
      touch cli/target/utsushi-cli.jar function/target/utsushi-function.jar library.jar
      rm busy
      printf %s "$PWD/library.jar" >cli/target/class-path
      """;

  @TempDir Path home;

  @BeforeEach
  void clones() throws IOException {
    Path original = Path.of(System.getProperty("utsushi.home"));
    Files.createDirectories(home.resolve(".build"));
    Files.copy(original.resolve("utsushi"), home.resolve("utsushi"));
    Files.copy(original.resolve(".build/java.sh"), home.resolve(".build/java.sh"));
    script("mvnw", BUILD);
    script("jdk/bin/javac", "#!/bin/sh\n");
    script("jdk/bin/java", "#!/bin/sh\necho started\n");
    Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Files.createFile(home.resolve("hold"));
    Process first = launch("one");
    awaitBuild();
    Process second = launch("two");
    await().until(() -> output("two").contains("waiting for another build"));
    Files.delete(home.resolve("hold"));

    assertThat(first.waitFor()).as(output("one")).isZero();
    assertThat(second.waitFor()).as(output("two")).isZero();
    assertThat(output("two")).contains("started");
    assertThat(home.resolve("builds")).hasContent("build");
  }

  /** Where there is no terminal, a line tells every twenty seconds. */
  @Test
  void aLongBuildShowsWhatItDoes() throws Exception {
    Files.createFile(home.resolve("hold"));
    Process process = launch("one");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> output("one").lines().count() > 1 || !process.isAlive());
    Files.delete(home.resolve("hold"));

    assertThat(process.waitFor()).isZero();
    assertThat(output("one").lines().toList().get(1))
        .matches("  \\d+ s: module core \\(1/9\\), \\d+ MB fetched");
  }

  @Test
  void theTemporaryDirectoryIsTheOneThatIsNamed() throws Exception {
    script("jdk/bin/java", "#!/bin/sh\necho \"$@\"\n");
    assertThat(launch("one").waitFor()).isZero();
    assertThat(output("one")).doesNotContain("java.io.tmpdir");
    assertThat(launch("two", Map.of("TMPDIR", "/a b")).waitFor()).isZero();
    assertThat(output("two")).contains(" -Djava.io.tmpdir=/a b ");
  }

  @Test
  void theLockOfAKilledProcessDoesNotHold() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(home.resolve("cli/target"));
    Files.writeString(home.resolve("cli/target/build.lock"), gone.pid() + "\n");

    Process process = launch("one");
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(output("one")).isTrue();
    assertThat(output("one")).contains("started");
    assertThat(home.resolve("cli/target/build.lock")).doesNotExist();
  }

  @Test
  void anInterruptedBuildIsQuietAndTheNextStartBuildsAgain() throws Exception {
    Files.createFile(home.resolve("hold"));
    Process process = launch("one");
    awaitBuild();
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(output("one").lines()).hasSize(1).allMatch(line -> line.startsWith("building"));
    Files.delete(home.resolve("hold"));
    Files.deleteIfExists(home.resolve("busy"));
    assertThat(launch("two").waitFor()).isZero();
    assertThat(home.resolve("builds")).hasContent("build\nbuild");
  }

  @Test
  void aLibraryThatIsGoneIsFetchedAgain() throws Exception {
    assertThat(launch("one").waitFor()).isZero();
    assertThat(launch("two").waitFor()).isZero();
    assertThat(home.resolve("builds")).hasContent("build");
    Files.delete(home.resolve("library.jar"));

    assertThat(launch("three").waitFor()).isZero();
    assertThat(home.resolve("builds")).hasContent("build\nbuild");
  }

  private void awaitBuild() {
    await().until(() -> Files.exists(home.resolve("busy")));
  }

  /** The JDK is only on PATH, behind a link. */
  private Process launch(String name) throws IOException {
    return launch(name, Map.of());
  }

  private Process launch(String name, Map<String, String> environment) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    if (Files.notExists(bin.resolve("java"))) {
      Files.createSymbolicLink(bin.resolve("java"), home.resolve("jdk/bin/java"));
    }
    var builder = new ProcessBuilder(home.resolve("utsushi").toString());
    builder.environment().remove("JAVA_HOME");
    builder.environment().remove("TMPDIR");
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", bin + ":", (path, first) -> first + path);
    return builder.redirectErrorStream(true).redirectOutput(home.resolve(name).toFile()).start();
  }

  private String output(String name) throws IOException {
    return Files.readString(home.resolve(name), StandardCharsets.UTF_8);
  }

  private void script(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
