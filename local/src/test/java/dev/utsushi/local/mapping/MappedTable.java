package dev.utsushi.local.mapping;

import dev.utsushi.local.TestCode;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.handlers.RecordingHandler;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.queue.LocalSqs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** A table for one test, and a function that records what it gets of the table's stream. */
final class MappedTable implements AutoCloseable {

  /** A record as the function saw it. Of a removal it sees neither the id nor the number. */
  record Seen(String sequenceNumber, String id, int n) {}

  private static final AttributeDefinition ID_ATTRIBUTE =
      AttributeDefinition.builder()
          .attributeName("id")
          .attributeType(ScalarAttributeType.S)
          .build();
  private static final KeySchemaElement PARTITION_KEY =
      KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build();

  private final String name = "t-" + UUID.randomUUID();
  private final LocalDynamoDb dynamoDb;
  private final Path recording;
  private final Path healed;
  private final LambdaFunction function;
  private final String streamArn;
  private boolean deleted;

  /**
   * @param directory where the function records
   * @param function made for that directory by {@link #function(Path)}
   */
  MappedTable(LocalDynamoDb dynamoDb, Path directory, LambdaFunction function) {
    this.dynamoDb = dynamoDb;
    this.function = function;
    recording = recording(directory);
    healed = healed(directory);
    streamArn = createTable();
  }

  /** Returns a function that records what it gets in this directory. */
  static LambdaConfiguration function(Path directory) {
    return LambdaConfiguration.of(
            "recording", TestCode.classPath(), RecordingHandler.class.getName() + "::handleRequest")
        .withTimeout(Duration.ofSeconds(30))
        .withEnvironment(
            Map.of(
                "RECORDING",
                recording(directory).toString(),
                "HEALED",
                healed(directory).toString()));
  }

  private static Path recording(Path directory) {
    return directory.resolve("recording");
  }

  private static Path healed(Path directory) {
    return directory.resolve("healed");
  }

  private String createTable() {
    return dynamoDb
        .client()
        .createTable(
            request ->
                request
                    .tableName(name)
                    .attributeDefinitions(ID_ATTRIBUTE)
                    .keySchema(PARTITION_KEY)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .streamSpecification(
                        stream ->
                            stream
                                .streamEnabled(true)
                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
        .tableDescription()
        .latestStreamArn();
  }

  MappingContext mapping(EventSourceMappingSettings settings) {
    return MappingContext.of(streamArn, function, settings);
  }

  void put(String id, int n) {
    put(id, n, Map.of());
  }

  void putBytes(String id, int n, int bytes) {
    put(id, n, Map.of("filler", AttributeValue.fromS("x".repeat(bytes))));
  }

  void remove(String id) {
    dynamoDb
        .client()
        .deleteItem(request -> request.tableName(name).key(Map.of("id", AttributeValue.fromS(id))));
  }

  void disableStream() {
    dynamoDb
        .client()
        .updateTable(
            request ->
                request.tableName(name).streamSpecification(stream -> stream.streamEnabled(false)));
  }

  /** Returns the new stream's ARN. */
  String enableStream() {
    return dynamoDb
        .client()
        .updateTable(
            request ->
                request
                    .tableName(name)
                    .streamSpecification(
                        stream ->
                            stream
                                .streamEnabled(true)
                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
        .tableDescription()
        .latestStreamArn();
  }

  List<Shard> shards() {
    return dynamoDb
        .streams()
        .describeStream(request -> request.streamArn(streamArn))
        .streamDescription()
        .shards();
  }

  /** Puts an item that makes the function fail by this command, until {@link #heal}. */
  void putPoison(String id, int n, String command) {
    put(id, n, Map.of("do", AttributeValue.fromS(command)));
  }

  private void put(String id, int n, Map<String, AttributeValue> more) {
    var item = new HashMap<>(more);
    item.put("id", AttributeValue.fromS(id));
    item.put("n", AttributeValue.fromN(Integer.toString(n)));
    dynamoDb.client().putItem(request -> request.tableName(name).item(item));
  }

  void heal() throws IOException {
    Files.writeString(healed, "");
  }

  List<Seen> seen() throws IOException {
    if (!Files.exists(recording)) {
      return List.of();
    }
    return Files.readAllLines(recording).stream()
        .map(line -> line.split(" ", 3))
        .map(
            parts ->
                new Seen(parts[0], parts[1], parts[2].isEmpty() ? 0 : Integer.parseInt(parts[2])))
        .toList();
  }

  List<Integer> seenOf(String id) throws IOException {
    return seen().stream().filter(seen -> seen.id().equals(id)).map(Seen::n).toList();
  }

  String createQueue(LocalSqs sqs) {
    return sqs.client()
        .createQueue(request -> request.queueName("q-" + UUID.randomUUID()))
        .queueUrl();
  }

  LambdaFunction function() {
    return function;
  }

  String streamArn() {
    return streamArn;
  }

  /** Deletes the table and the recording; the function stays for the next test. */
  @Override
  public void close() throws IOException {
    delete();
    Files.deleteIfExists(recording);
    Files.deleteIfExists(healed);
  }

  /** Deletes the table; its streams stay for a while, disabled. */
  void delete() {
    if (!deleted) {
      dynamoDb.client().deleteTable(request -> request.tableName(name));
    }
    deleted = true;
  }
}
