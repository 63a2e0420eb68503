package dev.utsushi.local.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A search engine's directory under the system's temporary one. */
final class DataDirectory {
  private DataDirectory() {}

  static Path create(String engine) {
    try {
      return Files.createTempDirectory("utsushi-" + engine + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      List<Path> childrenFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : childrenFirst) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Closed twice: it is gone, which is what was asked for.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
