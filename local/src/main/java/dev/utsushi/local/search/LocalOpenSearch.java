package dev.utsushi.local.search;

import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.quiet.ServerLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;

/**
 * OpenSearch, one node in this JVM. It can be stopped and started again at the same address with
 * the same data, as an outage looks to its clients.
 */
public final class LocalOpenSearch implements SearchEngine {
  private final Path directory;
  private final Map<String, String> settings;
  private OpenSearchRunner runner;
  private final int port;

  private LocalOpenSearch(Path directory, Map<String, String> settings) {
    this.directory = directory;
    this.settings = settings;
    this.runner = run(0);
    this.port =
        runner
            .node()
            .injector()
            .getInstance(HttpServerTransport.class)
            .boundAddress()
            .publishAddress()
            .getPort();
  }

  /**
   * Starts an empty node.
   *
   * @throws LocalServerException if the node does not start
   */
  public static LocalOpenSearch start() {
    return start(Map.of());
  }

  /**
   * Starts an empty node with settings of its own, {@code http.max_content_length} for one.
   *
   * @throws LocalServerException if the node does not start
   */
  public static LocalOpenSearch start(Map<String, String> settings) {
    ServerLogs.off();
    Path directory = DataDirectory.create("opensearch");
    try {
      return new LocalOpenSearch(directory, Map.copyOf(settings));
    } catch (RuntimeException | Error e) {
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
    return "opensearch " + Version.CURRENT;
  }

  /** Stops answering: from now on connections are refused. Data stays. */
  public void stop() {
    try {
      runner.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts the stopped node at the same address, with the same data; returns when it answers.
   *
   * @throws LocalServerException if the node does not start, for one because another process has
   *     taken its port
   */
  public void restart() {
    stop();
    runner = run(port);
  }

  /** Stops the node and deletes its data. */
  @Override
  public void close() {
    stop();
    DataDirectory.delete(directory);
  }

  private OpenSearchRunner run(int port) {
    var runner = new OpenSearchRunner();
    // Or the runner looks for a port by itself, from 9200 on.
    runner.setMaxHttpPort(-1);
    try {
      runner
          .onBuild((_, node) -> configure(node, port))
          .build(
              OpenSearchRunner.newConfigs()
                  .basePath(directory.toString())
                  .clusterName("utsushi")
                  .numOfNode(1)
                  .useLogger()
                  .disableESLogger());
      runner.ensureYellow();
      return runner;
    } catch (RuntimeException e) {
      throw new LocalServerException("OpenSearch did not start", e);
    }
  }

  private void configure(Settings.Builder node, int port) {
    node.put("network.host", "127.0.0.1");
    node.put("http.port", port);
    node.put("transport.port", 0);
    node.put("discovery.type", "single-node");
    // A developer's full disk must not make indices read-only.
    node.put("cluster.routing.allocation.disk.threshold_enabled", false);
    settings.forEach(node::put);
  }
}
