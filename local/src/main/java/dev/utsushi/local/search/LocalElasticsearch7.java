package dev.utsushi.local.search;

import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.TemporaryDirectory;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Elasticsearch 7.10, the last version under the Apache licence, one node in its own JVM, because
 * its Lucene and OpenSearch's can't share a classpath. The child ends with {@link #close()}, or
 * when this JVM dies.
 */
public final class LocalElasticsearch7 implements SearchEngine {
  private static final String NODE = "dev.utsushi.local.search.node.Elasticsearch7Node";
  private static final String CLASSPATH = "/dev/utsushi/local/search/elasticsearch7.classpath";
  private static final long STOP_SECONDS = 20;

  private final Process process;
  private final TemporaryDirectory directory;
  private final int port;
  private final String version;

  private LocalElasticsearch7(
      Process process, TemporaryDirectory directory, int port, String version) {
    this.process = process;
    this.directory = directory;
    this.port = port;
    this.version = version;
  }

  /**
   * Starts an empty node; returns when it answers, after some seconds.
   *
   * @throws LocalServerException if the node does not start, with its output
   */
  public static LocalElasticsearch7 start() {
    var directory = TemporaryDirectory.create("utsushi-elasticsearch7-");
    try {
      return start(directory);
    } catch (IOException | URISyntaxException | RuntimeException e) {
      directory.close();
      throw new LocalServerException("Elasticsearch 7 did not start", e);
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
    return directory.path();
  }

  /** Stops the node and deletes its data. */
  @Override
  public void close() {
    stop(process);
    directory.close();
  }

  private static LocalElasticsearch7 start(TemporaryDirectory directory)
      throws IOException, URISyntaxException {
    Path log = directory.path().resolve("output.log");
    Process process =
        new ProcessBuilder(command(directory.path())).redirectError(log.toFile()).start();
    // The node's only line has its port and version; no line means that it failed.
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      @Nullable String line = output.readLine();
      if (line == null) {
        stop(process);
        throw new IOException(Files.readString(log));
      }
      String[] portAndVersion = line.split(" ", 2);
      int port = Integer.parseInt(portAndVersion[0]);
      return new LocalElasticsearch7(process, directory, port, portAndVersion[1]);
    }
  }

  private static List<String> command(Path directory) throws IOException, URISyntaxException {
    return List.of(
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
  }

  /** Returns Elasticsearch's jars, which the build listed, and the place of the node's class. */
  private static String classpath() throws IOException, URISyntaxException {
    try (@Nullable InputStream jars = LocalElasticsearch7.class.getResourceAsStream(CLASSPATH)) {
      if (jars == null) {
        throw new IOException(CLASSPATH + " is missing: build the module with Maven");
      }
      var own = LocalElasticsearch7.class.getProtectionDomain().getCodeSource().getLocation();
      return new String(jars.readAllBytes(), StandardCharsets.UTF_8).strip()
          + File.pathSeparator
          + Path.of(own.toURI());
    }
  }

  private static void stop(Process process) {
    // Its data is deleted next, so a clean shutdown would be useless.
    process.destroyForcibly();
    try {
      process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new LocalServerException("Elasticsearch 7 did not stop", e);
    }
  }
}
