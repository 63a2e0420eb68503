package dev.utsushi.local;

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
 * A program in an npm package, with its version and checksum in a {@code package-lock.json} among
 * this module's resources. Its first use installs it into a folder of the user, once for all
 * processes.
 *
 * @param name with its version, for the folder
 * @param owner a class beside {@code package.json}
 */
public record NodePackage(String name, Class<?> owner) {
  private static final long INSTALL_SECONDS = 180;

  /** Written last: without it, an installation was cut off. */
  private static final String INSTALLED = "installed";

  /**
   * Returns the folder with {@code node_modules}.
   *
   * @throws LocalServerException if it can't be installed, with what to do
   */
  public Path installed() throws IOException, InterruptedException {
    return installed(Path.of(System.getProperty("user.home"), ".cache", "utsushi"), "npm");
  }

  public Path installed(Path cache, String npm) throws IOException, InterruptedException {
    Path folder = cache.resolve(name);
    if (!Files.exists(folder.resolve(INSTALLED))) {
      install(folder, npm);
    }
    return folder;
  }

  private void install(Path folder, String npm) throws IOException, InterruptedException {
    // A file's lock is for processes, not for threads.
    synchronized (NodePackage.class) {
      installAlone(folder, npm);
    }
  }

  private void installAlone(Path folder, String npm) throws IOException, InterruptedException {
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

  private void run(Path folder, String npm) throws IOException, InterruptedException {
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
              .formatted(name, folder, Files.readString(log).strip()));
    }
  }

  /** Starts Node.js or npm, or says that they are missing. */
  public Process start(ProcessBuilder command) throws IOException {
    try {
      return command.start();
    } catch (IOException e) {
      throw new LocalServerException(
          name
              + " needs Node.js: install version 20 or later (https://nodejs.org), so that node and"
              + " npm are on the PATH",
          e);
    }
  }

  /** Returns a text beside {@code package.json}. */
  public String resource(String file) throws IOException {
    try (@Nullable InputStream content = owner.getResourceAsStream(file)) {
      if (content == null) {
        throw new IOException(file + " is missing");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
