package dev.utsushi.cli.load;

import dev.utsushi.operations.stack.AwsCalls;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.ReplicatedStream;
import dev.utsushi.operations.stack.StackException;
import dev.utsushi.operations.stack.StackSearch;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.operations.stack.Target;
import dev.utsushi.testbed.search.SearchApi;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Somebody's table, and the index that is its copy, reached. */
final class Deployment implements AutoCloseable {
  private final AwsClients clients;
  private final ReplicatedStream stream;
  private final DynamoDbClient dynamoDb;
  private final SearchApi search;
  private final TableDescription table;

  private Deployment(
      AwsClients clients,
      ReplicatedStream stream,
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
   * @param index the stream's; may be null where there is one
   * @throws StackException if not
   */
  static Deployment reach(Target target, @Nullable String index) throws InterruptedException {
    // More than the JDK keeps by itself: a new connection for each write would be what is measured.
    System.setProperty("http.maxConnections", "100");
    AwsClients clients = AwsClients.of(target);
    try {
      var finder = new StreamFinder(clients.lambda(), clients.region().id());
      ReplicatedStream stream = finder.find(clients.stackName(target), index);
      DynamoDbClient dynamoDb = clients.tables();
      TableDescription table = describe(dynamoDb, stream, target);
      SearchApi search = StackSearch.open(target, clients, stream);
      StackSearch.check(search, stream.index());
      return new Deployment(clients, stream, dynamoDb, search, table);
    } catch (RuntimeException | InterruptedException e) {
      clients.close();
      throw e;
    }
  }

  private static TableDescription describe(
      DynamoDbClient dynamoDb, ReplicatedStream stream, Target target) {
    String arn = stream.tableArn();
    TableDescription table =
        AwsCalls.call(
                "dynamodb:DescribeTable",
                () ->
                    dynamoDb.describeTable(
                        request -> request.tableName(arn.substring(arn.indexOf('/') + 1))))
            .table();
    // By its name it is found in our own account: another's table may be called the same.
    if (target instanceof Target.Deployed && !arn.equals(table.tableArn())) {
      throw StackException.notDone(
          "the stream's table is %s, and these credentials and this region reach %s"
              .formatted(arn, table.tableArn()));
    }
    return table;
  }

  ReplicatedStream stream() {
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
