package dev.utsushi.local.kinesis;

import dev.utsushi.local.LocalClients;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.NodePackage;
import dev.utsushi.local.TemporaryDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * Kinesis Data Streams, in memory, on its own loopback port: <a
 * href="https://github.com/etspaceman/kinesis-mock">kinesis-mock</a> in a Node.js process, which
 * ends with {@link #close()} or when this JVM dies. Any credentials give access.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html">Kinesis API
 *     reference</a>
 */
public final class LocalKinesis implements AutoCloseable {
  private static final Duration LONGEST_TRANSITION = Duration.ofSeconds(10);
  private static final long POLL_NANOS = 2_000_000;
  private static final long STOP_SECONDS = 20;

  /** How long a stream stays in a state such as CREATING: in AWS, seconds to minutes. */
  private static final String TRANSITION = "5ms";

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("CREATE_STREAM_DURATION", TRANSITION),
          Map.entry("DELETE_STREAM_DURATION", TRANSITION),
          Map.entry("SPLIT_SHARD_DURATION", TRANSITION),
          Map.entry("MERGE_SHARDS_DURATION", TRANSITION),
          Map.entry("UPDATE_SHARD_COUNT_DURATION", TRANSITION),
          Map.entry("UPDATE_STREAM_MODE_DURATION", TRANSITION),
          Map.entry("START_STREAM_ENCRYPTION_DURATION", TRANSITION),
          Map.entry("STOP_STREAM_ENCRYPTION_DURATION", TRANSITION),
          Map.entry("REGISTER_STREAM_CONSUMER_DURATION", TRANSITION),
          Map.entry("DEREGISTER_STREAM_CONSUMER_DURATION", TRANSITION),
          Map.entry("SHARD_LIMIT", "1000"),
          Map.entry("ON_DEMAND_STREAM_COUNT_LIMIT", "100"),
          Map.entry("AWS_ACCOUNT_ID", "000000000000"),
          Map.entry("AWS_REGION", Region.US_EAST_1.id()),
          Map.entry("SHOULD_PERSIST_DATA", "false"),
          Map.entry("LOG_LEVEL", "ERROR"));

  static final NodePackage PACKAGE = new NodePackage("kinesis-local-0.6.2", LocalKinesis.class);

  private final Process process;
  private final TemporaryDirectory directory;
  private final URI endpoint;
  private final KinesisClient client;

  private LocalKinesis(Process process, TemporaryDirectory directory, int port) {
    this.process = process;
    this.directory = directory;
    endpoint = URI.create("http://127.0.0.1:" + port);
    client = LocalClients.build(KinesisClient.builder(), endpoint);
  }

  /**
   * Starts the server without streams; returns when it answers. The first start on a machine
   * installs it into {@code ~/.cache/utsushi}, which needs npm and its registry.
   *
   * @throws LocalServerException if the server can't be installed or does not start, with its
   *     output or what to do
   */
  public static LocalKinesis start() {
    var directory = TemporaryDirectory.create("utsushi-kinesis-");
    try {
      return start(directory, PACKAGE.installed().resolve("node_modules/kinesis-local"));
    } catch (LocalServerException e) {
      directory.close();
      throw e;
    } catch (IOException | InterruptedException e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      directory.close();
      throw new LocalServerException("Kinesis did not start", e);
    }
  }

  private static LocalKinesis start(TemporaryDirectory directory, Path installed)
      throws IOException {
    Path log = directory.path().resolve("output.log");
    var command =
        new ProcessBuilder(
                "node",
                "-e",
                PACKAGE.resource("server.js"),
                installed.resolve("main.js").toString(),
                directory.path().toString())
            .directory(directory.path().toFile())
            .redirectError(log.toFile());
    command.environment().putAll(SETTINGS);
    command
        .environment()
        .put("KINESIS_MOCK_CERT_PATH", installed.resolve("server.json").toString());
    Process process = PACKAGE.start(command);
    // The server's only line has its port; no line means that it failed.
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      @Nullable String port = output.readLine();
      if (port == null) {
        stop(process);
        throw new IOException(Files.readString(log));
      }
      return new LocalKinesis(process, directory, Integer.parseInt(port));
    }
  }

  /** Returns the address for any AWS SDK client. */
  public URI endpoint() {
    return endpoint;
  }

  /** Returns a client, closed with the server. */
  public KinesisClient client() {
    return client;
  }

  /**
   * Creates a stream and waits until it is active.
   *
   * @return its ARN
   */
  public String createStream(String name, int shards) {
    client.createStream(request -> request.streamName(name).shardCount(shards));
    return awaitActive(name);
  }

  /**
   * Waits until the stream is active: created, or no longer resharding.
   *
   * @return its ARN
   */
  public String awaitActive(String name) {
    long end = System.nanoTime() + LONGEST_TRANSITION.toNanos();
    while (true) {
      var stream =
          client
              .describeStreamSummary(request -> request.streamName(name))
              .streamDescriptionSummary();
      if (stream.streamStatus() == StreamStatus.ACTIVE) {
        return stream.streamARN();
      }
      if (System.nanoTime() > end) {
        throw new LocalServerException(name + " stays " + stream.streamStatusAsString());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Stops the server; streams and records are lost. */
  @Override
  public void close() {
    client.close();
    stop(process);
    directory.close();
  }

  private static void stop(Process process) {
    process.destroyForcibly();
    try {
      process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new LocalServerException("Kinesis did not stop", e);
    }
  }
}
