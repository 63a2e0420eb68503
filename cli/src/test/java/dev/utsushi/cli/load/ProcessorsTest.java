package dev.utsushi.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void whatTheHostGaveToOthersIsStolen() throws IOException {
    Path statistics = Files.writeString(directory.resolve("stat"), "cpu  9 1 4 80 0 1 1 4 0 0\n");
    var processors = new Processors(statistics);
    Files.writeString(statistics, "cpu  49 1 4 90 0 1 1 54 0 0\ncpu0 1 2 3\n");
    assertThat(processors.use().stolen()).isEqualTo(0.5);
    assertThat(processors.use().stolen()).isZero();
  }

  @Test
  void aSystemThatDoesNotTellIsTakenToHaveGivenAll() throws IOException {
    assertThat(new Processors(directory.resolve("none")).use().stolen()).isZero();
    Path old = Files.writeString(directory.resolve("stat"), "cpu  9 1 4 80\n");
    assertThat(new Processors(old).use().stolen()).isZero();
  }

  @Test
  void whatRunsHereIsBusy() {
    var processors = new Processors();
    long end = System.nanoTime() + 300_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    var use = processors.use();
    assertThat(use.busy()).isPositive();
    assertThat(use.stolen()).isBetween(0.0, 1.0);
  }
}
