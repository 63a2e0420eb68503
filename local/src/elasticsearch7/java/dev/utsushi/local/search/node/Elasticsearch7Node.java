package dev.utsushi.local.search.node;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.codelibs.elasticsearch.runner.ElasticsearchClusterRunner;
import org.elasticsearch.Version;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.http.HttpServerTransport;

/**
 * The program that LocalElasticsearch7 runs in its own JVM: one node, with its data in the
 * directory that the only argument names. It writes one line, {@code <port> elasticsearch
 * <version>}, when the node answers, and ends with its input, so that it never outlives its parent.
 */
public final class Elasticsearch7Node {
  private Elasticsearch7Node() {}

  public static void main(String[] args) {
    PrintStream answer = System.out;
    // The server's output goes to standard error, because the answer must be one line.
    System.setOut(System.err);
    // This thread also keeps the JVM alive: all threads of Elasticsearch are daemons.
    new Thread(() -> endWithInput(Path.of(args[0])), "parent").start();
    try {
      answer.println(start(args[0]) + " elasticsearch " + Version.CURRENT);
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static int start(String directory) {
    ElasticsearchClusterRunner runner = new ElasticsearchClusterRunner();
    // Otherwise the runner chooses a port itself, from 9200.
    runner.setMaxHttpPort(-1);
    runner
        .onBuild((node, settings) -> configure(settings))
        .build(
            ElasticsearchClusterRunner.newConfigs()
                .basePath(directory)
                .clusterName("utsushi")
                .numOfNode(1)
                .useLogger()
                .disableESLogger());
    runner.ensureYellow();
    HttpServerTransport http = runner.node().injector().getInstance(HttpServerTransport.class);
    return http.boundAddress().publishAddress().getPort();
  }

  private static void configure(Settings.Builder settings) {
    settings.put("network.host", "127.0.0.1");
    settings.put("http.port", 0);
    settings.put("transport.port", 0);
    settings.put("discovery.type", "single-node");
    // A full disk must not make indices read-only.
    settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
  }

  private static void endWithInput(Path directory) {
    try {
      while (System.in.read() >= 0) {
        // Nothing is sent: this waits for the end.
      }
      delete(directory);
    } catch (IOException | UncheckedIOException e) {
      // The node may still write: the rest stays in the system's temporary directory.
      e.printStackTrace();
    } finally {
      // No clean shutdown, because the data is deleted.
      Runtime.getRuntime().halt(0);
    }
  }

  /** Deletes the data, because the parent may be dead. */
  private static void delete(Path directory) throws IOException {
    List<Path> childrenFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      childrenFirst = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
    for (Path file : childrenFirst) {
      Files.deleteIfExists(file);
    }
  }
}
