package dev.utsushi.local.search;

import dev.utsushi.local.LocalServerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Elasticsearch 7.10, the last one under the Apache licence, one node in a JVM of its own: its
 * Lucene and OpenSearch's can't share a classpath. The child ends with {@link #close()}, and by
 * itself when this JVM dies.
 */
public final class LocalElasticsearch7 implements SearchEngine {
  private static final String NODE = "dev.utsushi.local.search.node.Elasticsearch7Node";
  private static final String CLASSPATH = "/dev/utsushi/local/search/elasticsearch7.classpath";
  private static final long STOP_SECONDS = 20;

  private final Process process;
  private final Path directory;
  private final int port;
  private final String version;

  private LocalElasticsearch7(Process process, Path directory, int port, String version) {
    this.process = process;
    this.directory = directory;
    this.port = port;
    this.version = version;
  }

  /**
   * Starts an empty node; returns when it answers, which takes some seconds.
   *
   * @throws LocalServerException if the node does not start, with what it said
   */
  public static LocalElasticsearch7 start() {
    Path directory = DataDirectory.create("elasticsearch7");
    try {
      return start(directory);
    } catch (RuntimeException e) {
      DataDirectory.delete(directory);
      throw e;
    }
  }

  @Override
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public String version() {
    return version;
  }

  Path directory() {
    return directory;
  }

  /** Stops the node and deletes its data. */
  @Override
  public void close() {
    stop(process);
    DataDirectory.delete(directory);
  }

  private static LocalElasticsearch7 start(Path directory) {
    Path log = directory.resolve("output.log");
    Process process = launch(directory, log);
    // The node's only line says its port and version; none means that it ended without.
    String[] answer = firstLine(process).split(" ", 2);
    if (answer.length < 2) {
      stop(process);
      throw new LocalServerException("Elasticsearch 7 did not start: " + read(log));
    }
    return new LocalElasticsearch7(process, directory, Integer.parseInt(answer[0]), answer[1]);
  }

  private static Process launch(Path directory, Path log) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classpath(),
            NODE,
            directory.toString());
    try {
      return new ProcessBuilder(command).redirectError(log.toFile()).start();
    } catch (IOException e) {
      throw new LocalServerException("Elasticsearch 7 did not start", e);
    }
  }

  /** Elasticsearch's jars, which the build wrote down, and where the node's own class is. */
  private static String classpath() {
    try (@Nullable InputStream jars = LocalElasticsearch7.class.getResourceAsStream(CLASSPATH)) {
      if (jars == null) {
        throw new LocalServerException(CLASSPATH + " is missing: build the module with Maven");
      }
      var own = LocalElasticsearch7.class.getProtectionDomain().getCodeSource().getLocation();
      return new String(jars.readAllBytes(), StandardCharsets.UTF_8).strip()
          + System.getProperty("path.separator")
          + Path.of(own.toURI());
    } catch (IOException | URISyntaxException e) {
      throw new LocalServerException("Elasticsearch 7 did not start", e);
    }
  }

  private static String firstLine(Process process) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      @Nullable String line = output.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(Process process) {
    try {
      // Its data is deleted next, so an orderly end would be for nothing.
      process.destroyForcibly();
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new LocalServerException("Elasticsearch 7 did not stop");
      }
    } catch (IOException e) {
      throw new LocalServerException("Elasticsearch 7 did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalServerException("Elasticsearch 7 did not stop", e);
    }
  }
}
