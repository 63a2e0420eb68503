package dev.utsushi.cli.load;

import dev.utsushi.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a test's report goes. */
record ReportFiles(Path directory, Terminal terminal) {

  /**
   * Writes one; the directory is made if it is not there.
   *
   * @throws UncheckedIOException if it can't be written
   */
  void write(String name, String text) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(directory.resolve(name) + " can't be written", e);
    }
  }

  /** Tells where it is. */
  void tell(String name) {
    terminal.line("");
    terminal.line("Report: %s and .json".formatted(directory.resolve(name + ".html")));
  }
}
