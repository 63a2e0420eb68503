package dev.utsushi.local.queue;

import com.typesafe.config.ConfigFactory;
import dev.utsushi.local.LocalClients;
import dev.utsushi.local.LocalServerException;
import java.net.URI;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * SQS, in memory, on its own loopback port. Unlike in AWS, {@code hasMessages()} is true even if no
 * message was received: check {@code messages().isEmpty()}.
 */
public final class LocalSqs implements AutoCloseable {
  // ElasticMQ's own configuration logs at DEBUG, and Pekko writes to standard output at start.
  private static final String QUIET =
      """
      pekko.loggers = []
      pekko.loglevel = OFF
      pekko.stdout-loglevel = OFF
      pekko.log-dead-letters = off
      pekko.jvm-exit-on-fatal-error = off
      pekko.daemonic = on
      """;
  private static final long STOP_SECONDS = 30;

  private final ActorSystem actors;
  private final SQSRestServer server;
  private final URI endpoint;
  private final SqsClient client;

  private LocalSqs(ActorSystem actors, SQSRestServer server, int port) {
    this.actors = actors;
    this.server = server;
    this.endpoint = URI.create("http://127.0.0.1:" + port);
    this.client = LocalClients.build(SqsClient.builder(), endpoint);
  }

  /**
   * Starts the server without queues.
   *
   * @throws LocalServerException if the server does not start
   */
  public static LocalSqs start() {
    var loader = LocalSqs.class.getClassLoader();
    var config = ConfigFactory.parseString(QUIET).withFallback(ConfigFactory.load(loader));
    ActorSystem actors = ActorSystem.create("elasticmq", config, loader);
    try {
      SQSRestServer server =
          SQSRestServerBuilder.withActorSystem(actors)
              .withInterface("127.0.0.1")
              .withDynamicPort()
              .withAWSRegion(Region.US_EAST_1.id())
              .start();
      return new LocalSqs(actors, server, server.waitUntilStarted().localAddress().getPort());
    } catch (RuntimeException e) {
      actors.terminate();
      throw new LocalServerException("ElasticMQ did not start", e);
    }
  }

  /** Returns the address for any AWS SDK client. */
  public URI endpoint() {
    return endpoint;
  }

  /** Returns a client, closed with the server. */
  public SqsClient client() {
    return client;
  }

  /** Stops the server; queues and messages are lost. */
  @Override
  public void close() {
    client.close();
    server.stopAndWait();
    actors.terminate();
    try {
      var end = actors.getWhenTerminated().toCompletableFuture();
      end.orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new LocalServerException("ElasticMQ did not stop", e);
    }
  }
}
