package dev.utsushi.local.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalElasticsearch7IT {
  @Test
  void leavesNothingBehind() {
    List<ProcessHandle> before = children();
    var engine = LocalElasticsearch7.start();
    assertThat(children()).hasSize(before.size() + 1);
    assertThat(engine.version()).isEqualTo("elasticsearch 7.10.2");

    engine.close();
    assertThat(children()).isEqualTo(before);
    assertThat(engine.directory()).doesNotExist();
  }

  @Test
  void leavesNothingBehindWhenTheJvmThatStartedItDies(@TempDir Path temporary) throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Orphaning.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String started = parent.inputReader().readLine();
    assertThat(started).isEqualTo("started");
    ProcessHandle node = parent.children().findFirst().orElseThrow();

    parent.destroyForcibly();

    assertThat(node.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    assertThat(temporary).isEmptyDirectory();
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  /** A program that starts a node and waits to be killed. */
  static final class Orphaning {
    private Orphaning() {}

    public static void main(String[] args) throws IOException {
      LocalElasticsearch7.start();
      System.out.println("started");
      while (System.in.read() >= 0) {
        // The test never writes: this waits until it is killed.
      }
    }
  }
}
