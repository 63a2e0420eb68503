package dev.utsushi.local.search;

import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.QuietServers;
import dev.utsushi.local.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;

/**
 * OpenSearch, one node in this JVM. It can be stopped and restarted at the same address with the
 * same data; to its clients that is an outage.
 */
public final class LocalOpenSearch implements SearchEngine {
  private final TemporaryDirectory directory;
  private final Map<String, String> settings;
  private OpenSearchRunner runner;
  private final int port;

  private LocalOpenSearch(TemporaryDirectory directory, Map<String, String> settings) {
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
   * Starts an empty node with additional settings, for example {@code http.max_content_length}.
   *
   * @throws LocalServerException if the node does not start
   */
  public static LocalOpenSearch start(Map<String, String> settings) {
    QuietServers.turnLogsOff();
    var directory = TemporaryDirectory.create("utsushi-opensearch-");
    try {
      return new LocalOpenSearch(directory, Map.copyOf(settings));
    } catch (RuntimeException | Error e) {
      directory.close();
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

  /** Stops the node: connections are refused, the data stays. */
  public void stop() {
    try {
      runner.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Restarts the node at the same address with the same data; returns when it answers.
   *
   * @throws LocalServerException if the node does not start, for example because another process
   *     has taken its port
   */
  public void restart() {
    stop();
    runner = run(port);
  }

  /** Stops the node and deletes its data. */
  @Override
  public void close() {
    stop();
    directory.close();
  }

  private OpenSearchRunner run(int port) {
    var runner = new OpenSearchRunner();
    // Otherwise the runner chooses a port itself, from 9200.
    runner.setMaxHttpPort(-1);
    try {
      // Two nodes that start at the same time in one JVM disturb each other.
      synchronized (LocalOpenSearch.class) {
        runner
            .onBuild((_, node) -> configure(node, port))
            .build(
                OpenSearchRunner.newConfigs()
                    .basePath(directory.path().toString())
                    .clusterName("utsushi")
                    .numOfNode(1)
                    .useLogger()
                    .disableESLogger());
      }
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
    // A full disk must not make indices read-only.
    node.put("cluster.routing.allocation.disk.threshold_enabled", false);
    settings.forEach(node::put);
  }
}
