package dev.utsushi.local.search;

import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.quiet.ServerLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
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
  private OpenSearchRunner runner;
  private final int port;

  private LocalOpenSearch(Path directory) {
    this.directory = directory;
    this.runner = run(directory, 0);
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
    ServerLogs.off();
    Path directory = DataDirectory.create("opensearch");
    try {
      return new LocalOpenSearch(directory);
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
    runner = run(directory, port);
  }

  /** Stops the node and deletes its data. */
  @Override
  public void close() {
    stop();
    DataDirectory.delete(directory);
  }

  private static OpenSearchRunner run(Path directory, int port) {
    var runner = new OpenSearchRunner();
    // Or the runner looks for a port by itself, from 9200 on.
    runner.setMaxHttpPort(-1);
    try {
      runner
          .onBuild((node, settings) -> configure(settings, port))
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

  private static void configure(Settings.Builder settings, int port) {
    settings.put("network.host", "127.0.0.1");
    settings.put("http.port", port);
    settings.put("transport.port", 0);
    settings.put("discovery.type", "single-node");
    // A developer's full disk must not make indices read-only.
    settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
  }
}
