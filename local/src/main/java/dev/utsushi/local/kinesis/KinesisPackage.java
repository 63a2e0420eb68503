package dev.utsushi.local.kinesis;

import dev.utsushi.local.LocalServerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The npm package kinesis-local, with its version and checksum in this module's {@code
 * package-lock.json}. Its first use installs it into a folder of the user, once for all processes.
 */
final class KinesisPackage {
  private static final String NAME = "kinesis-local-0.6.2";
  private static final long INSTALL_SECONDS = 180;

  /** Written last: without it, an installation was cut off. */
  private static final String INSTALLED = "installed";

  private KinesisPackage() {}

  /**
   * Returns the package's folder.
   *
   * @throws LocalServerException if it can't be installed, with what to do
   */
  static Path installed() throws IOException, InterruptedException {
    return installed(Path.of(System.getProperty("user.home"), ".cache", "utsushi"), "npm");
  }

  static Path installed(Path cache, String npm) throws IOException, InterruptedException {
    Path folder = cache.resolve(NAME);
    if (!Files.exists(folder.resolve(INSTALLED))) {
      install(folder, npm);
    }
    return folder.resolve("node_modules").resolve("kinesis-local");
  }

  /** Synchronized, because a file's lock is for processes, not for threads. */
  private static synchronized void install(Path folder, String npm)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (var channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.exists(folder.resolve(INSTALLED))) {
        Files.writeString(folder.resolve("package.json"), resource("package.json"));
        Files.writeString(folder.resolve("package-lock.json"), resource("package-lock.json"));
        run(folder, npm);
        Files.writeString(folder.resolve(INSTALLED), "");
      }
    }
  }

  private static void run(Path folder, String npm) throws IOException, InterruptedException {
    Path log = folder.resolve("npm.log");
    Process process =
        start(
            new ProcessBuilder(List.of(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
    boolean ended = process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (!ended || process.exitValue() != 0) {
      throw new LocalServerException(
          "npm could not install %s in %s: check that it reaches its registry (npm ping), or copy the folder from another machine; npm said: %s"
              .formatted(NAME, folder, Files.readString(log).strip()));
    }
  }

  /** Starts Node.js or npm, or says that they are missing. */
  static Process start(ProcessBuilder command) throws IOException {
    try {
      return command.start();
    } catch (IOException e) {
      throw new LocalServerException(
          "Kinesis needs Node.js: install version 20 or later (https://nodejs.org), so that node"
              + " and npm are on the PATH",
          e);
    }
  }

  static String resource(String name) throws IOException {
    try (@Nullable InputStream content = KinesisPackage.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new IOException(name + " is missing");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
