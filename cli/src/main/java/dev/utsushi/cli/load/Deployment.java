package dev.utsushi.cli.load;

import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.SearchAccess;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.net.URI;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Somebody's table, and the index that is its copy, reached. */
final class Deployment implements AutoCloseable {
  private final AwsClients clients;
  private final DeployedStream stream;
  private final DynamoDbClient dynamoDb;
  private final SearchApi search;
  private final TableDescription table;

  private Deployment(
      AwsClients clients,
      DeployedStream stream,
      DynamoDbClient dynamoDb,
      SearchApi search,
      TableDescription table) {
    this.clients = clients;
    this.stream = stream;
    this.dynamoDb = dynamoDb;
    this.search = search;
    this.table = table;
  }

  /**
   * Finds it, and makes sure that table and index can be read.
   *
   * @throws OperationException if not
   */
  static Deployment reach(StackSelector selector) throws InterruptedException {
    // More than the JDK keeps by itself: a new connection for each write would be what is measured.
    System.setProperty("http.maxConnections", "100");
    AwsClients clients = AwsClients.of(selector);
    try {
      DeployedStream stream = new StreamFinder(clients).find(selector.stream());
      DynamoDbClient dynamoDb = clients.tables();
      TableDescription table = describe(dynamoDb, stream, selector);
      SearchAccess access = SearchAccess.of(selector, clients, stream);
      SearchApi search = new SearchApi(access.endpoint(), access.authorization());
      check(search, stream.index());
      return new Deployment(clients, stream, dynamoDb, search, table);
    } catch (RuntimeException | InterruptedException e) {
      clients.close();
      throw e;
    }
  }

  private static TableDescription describe(
      DynamoDbClient dynamoDb, DeployedStream stream, StackSelector selector) {
    String arn = stream.tableArn();
    TableDescription table =
        AwsErrors.call(
                "dynamodb:DescribeTable",
                () ->
                    dynamoDb.describeTable(
                        request -> request.tableName(arn.substring(arn.indexOf('/') + 1))))
            .table();
    // By its name it is found in our own account: another's table may be called the same.
    if (selector instanceof StackSelector.Deployed && !arn.equals(table.tableArn())) {
      throw OperationException.failed(
          "the stream's table is %s, and these credentials and this region reach %s"
              .formatted(arn, table.tableArn()));
    }
    return table;
  }

  /** By one search: can readers' alias be read from here? */
  private static void check(SearchApi search, String readerAlias) throws InterruptedException {
    try {
      search.send("POST", "/" + readerAlias + "/_search", "{\"size\":0}");
    } catch (SearchException e) {
      throw OperationException.failed(problem(search.endpoint(), readerAlias, e), e);
    } catch (CredentialsException e) {
      throw OperationException.failed("the engine's credentials: " + e.getMessage(), e);
    }
  }

  private static String problem(URI endpoint, String readerAlias, SearchException e) {
    return switch (e.status()) {
      case 0 ->
          "the search engine does not answer from here (%s), so nothing could be measured and nothing was written: run this where it does; a domain in a VPC answers only inside it, or through a VPN or proxy"
              .formatted(endpoint);
      case 401, 403 ->
          "the search engine refuses these credentials (%d): this needs es:ESHttpPost on the domain and, with fine-grained access control, a role that may read %s; nothing was written"
              .formatted(e.status(), readerAlias);
      case 404 ->
          "the search engine has no %s: the function makes it as it starts, so see its log; nothing was written"
              .formatted(readerAlias);
      default -> "the index can't be read: " + e.getMessage() + "; nothing was written";
    };
  }

  DeployedStream stream() {
    return stream;
  }

  TableDescription table() {
    return table;
  }

  /** Account and region, for people. */
  String place() {
    String[] parts = stream.tableArn().split(":", -1);
    return "account %s, %s".formatted(parts.length > 4 ? parts[4] : "unknown", stream.region());
  }

  DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  SearchApi search() {
    return search;
  }

  @Override
  public void close() {
    try (clients;
        dynamoDb;
        search) {
      // All of them.
    }
  }
}
