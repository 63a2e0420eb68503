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
 * The program that LocalElasticsearch7 runs in a JVM of its own: one node, with its data in the
 * directory named by the only argument. It writes one line, {@code <port> elasticsearch <version>},
 * when the node answers, and ends when its input does, so that it never outlives who started it.
 */
public final class Elasticsearch7Node {
  private Elasticsearch7Node() {}

  public static void main(String[] args) {
    PrintStream answer = System.out;
    // Whatever the server prints goes where its errors go: the answer must stay one line.
    System.setOut(System.err);
    // This thread also keeps the JVM alive: all of Elasticsearch's are daemons.
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
    // Or the runner looks for a port by itself, from 9200 on.
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
    // A developer's full disk must not make indices read-only.
    settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
  }

  private static void endWithInput(Path directory) {
    try {
      while (System.in.read() >= 0) {
        // Nobody sends anything: this waits for the end.
      }
      delete(directory);
    } catch (IOException | UncheckedIOException e) {
      // A node that still writes can defeat this; the system's temporary directory has the rest.
      e.printStackTrace();
    } finally {
      // No orderly end: the data is thrown away.
      Runtime.getRuntime().halt(0);
    }
  }

  /** Whoever started the node may be dead and can't do it. */
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
