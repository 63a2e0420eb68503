package dev.utsushi.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * A server's or a function's directory under the system's temporary one, deleted when closed.
 *
 * @param path the directory
 */
public record TemporaryDirectory(Path path) implements AutoCloseable {

  /** Megabytes for a short run: an empty engine, the functions' code, a native library. */
  private static final long ROOM = 100;

  /**
   * Creates an empty directory.
   *
   * @throws UncheckedIOException if that fails
   */
  public static TemporaryDirectory create(String prefix) {
    try {
      return new TemporaryDirectory(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Checks that servers and functions have room: each fails in its own words if not.
   *
   * @throws UncheckedIOException if the system's temporary directory is full, read-only or gone
   */
  public static void requireRoom() {
    requireRoom(ROOM);
  }

  static void requireRoom(long megabytes) {
    try (var directory = create("utsushi-")) {
      long free = Files.getFileStore(directory.path()).getUsableSpace() >> 20;
      if (free < megabytes) {
        throw unwritable(new IOException("%,d of %,d MB are free".formatted(free, megabytes)));
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Returns the exception for a temporary directory that is full, read-only or gone. */
  public static UncheckedIOException unwritable(IOException cause) {
    return new UncheckedIOException(
        "can't write to the temporary directory %s (%s): free space in it, or name another with TMPDIR"
            .formatted(System.getProperty("java.io.tmpdir"), cause.getMessage()),
        cause);
  }

  /**
   * Deletes the directory and everything in it; does nothing the second time.
   *
   * @throws UncheckedIOException if something still writes to it
   */
  @Override
  public void close() {
    try (var files = Files.walk(path)) {
      for (Path childrenFirst : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(childrenFirst);
      }
    } catch (NoSuchFileException _) {
      // Closed twice.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
