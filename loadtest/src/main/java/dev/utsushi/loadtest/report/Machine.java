package dev.utsushi.loadtest.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What figures were measured with, so that runs can be compared.
 *
 * @param utsushi its version
 * @param commit of the checkout; {@code unknown} where there is none
 * @param processor the model, as Linux names it; elsewhere the architecture
 */
public record Machine(
    String utsushi, String commit, String jdk, String os, int processors, String processor) {

  /** Returns the machine that this process runs on. */
  public static Machine here() {
    String version = Machine.class.getPackage().getImplementationVersion();
    String commit = System.getProperty("utsushi.commit", "");
    String architecture = System.getProperty("os.arch");
    return new Machine(
        version == null ? "not from a jar" : version,
        commit.isEmpty() ? "unknown" : commit,
        Runtime.version().toString(),
        System.getProperty("os.name") + ' ' + architecture,
        Runtime.getRuntime().availableProcessors(),
        processor(architecture));
  }

  private static String processor(String architecture) {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(architecture);
    } catch (IOException | UncheckedIOException _) {
      return architecture;
    }
  }
}
