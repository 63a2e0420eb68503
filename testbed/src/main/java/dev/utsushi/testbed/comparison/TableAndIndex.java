package dev.utsushi.testbed.comparison;

import dev.utsushi.testbed.search.SearchApi;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A table and the index that should be its copy. Nobody may write while they are compared. */
public final class TableAndIndex {
  private static final String ALL = "{\"match_all\":{}}";
  private static final String HIDDEN =
      """
      {"bool":{"must_not":{"term":{"_replication.deleted":false}}}}\
      """;

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final SearchApi search;
  private final String readerAlias;

  public TableAndIndex(
      DynamoDbClient dynamoDb, String table, SearchApi search, String readerAlias) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.search = search;
    this.readerAlias = readerAlias;
  }

  /**
   * Reads both whole and compares.
   *
   * @throws dev.utsushi.testbed.search.SearchException if the index can't be read
   */
  public ComparisonReport compare() throws InterruptedException {
    String everything = readerAlias + "-write";
    search.send("POST", "/" + everything + "/_refresh", "");
    var description = dynamoDb.describeTable(request -> request.tableName(table)).table();
    var comparison = new Comparison(TableKeys.of(description));
    dynamoDb
        .scanPaginator(request -> request.tableName(table).consistentRead(true))
        .items()
        .forEach(comparison::item);
    var reader = new DocumentReader(search);
    reader.readAll(readerAlias, ALL, comparison::visible);
    reader.readAll(everything, HIDDEN, comparison::hidden);
    return comparison.report();
  }
}
