package dev.utsushi.local.dynamodb;

import dev.utsushi.local.LocalClients;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.QuietServers;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB with its streams, in memory, on its own loopback port. Instances do not share tables;
 * any credentials and any region give access.
 *
 * <p>Differences from AWS: ApproximateCreationDateTime is cut to the minute (AWS: to the second),
 * sequence numbers have 21 digits, and a table's stream has one open shard.
 */
public final class LocalDynamoDb implements AutoCloseable {
  private final PatchedRequestHandler handler;
  private final Server server;
  private final URI endpoint;
  private final DynamoDbClient client;
  private final DynamoDbStreamsClient streams;

  private LocalDynamoDb(PatchedRequestHandler handler, Server server, URI endpoint) {
    this.handler = handler;
    this.server = server;
    this.endpoint = endpoint;
    this.client = LocalClients.build(DynamoDbClient.builder(), endpoint);
    this.streams = LocalClients.build(DynamoDbStreamsClient.builder(), endpoint);
  }

  /**
   * Starts an empty database.
   *
   * @throws LocalServerException if the server does not start
   */
  public static LocalDynamoDb start() {
    QuietServers.turnLogsOff();
    ExpressionGrammar.load();
    var handler = new PatchedRequestHandler(LocalClients.ACCESS_KEY);
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new LocalDynamoDBServerHandler(handler, "*"));
    try {
      server.start();
    } catch (Exception e) {
      handler.shutdown();
      throw new LocalServerException("DynamoDB Local did not start", e);
    }
    URI endpoint = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    return new LocalDynamoDb(handler, server, endpoint);
  }

  /** Returns the address of the database and its streams for any AWS SDK client. */
  public URI endpoint() {
    return endpoint;
  }

  /** Returns a client of the database, closed with it. */
  public DynamoDbClient client() {
    return client;
  }

  /** Returns a client of the database's streams, closed with it. */
  public DynamoDbStreamsClient streams() {
    return streams;
  }

  /**
   * Closes the open shard of every stream and opens a child, as DynamoDB does about every four
   * hours.
   */
  public void rollOverShards() {
    handler.database().triggerShardRollovers();
  }

  /**
   * Makes every stream record and shard older, so that they expire without waiting 24 hours.
   * Existing iterators expire too. TRIM_HORIZON of a shard whose records have all expired fails
   * with TrimmedDataAccessException (AWS: no records).
   */
  public void ageStreams(Duration by) {
    handler.database().dilateEventTimes(by.toMillis());
  }

  /** Stops the server; its data is lost. */
  @Override
  public void close() {
    client.close();
    streams.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new LocalServerException("DynamoDB Local did not stop", e);
    } finally {
      handler.shutdown();
    }
  }
}
