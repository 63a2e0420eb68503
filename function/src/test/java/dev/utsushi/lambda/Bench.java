package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.deadletter.DeadLetterQueue;
import dev.utsushi.deadletter.Failures;
import dev.utsushi.deadletter.RangeReader;
import dev.utsushi.deadletter.RecordTexts;
import dev.utsushi.deadletter.ReplayReply;
import dev.utsushi.deadletter.ReplayRequest;
import dev.utsushi.index.Deadline;
import dev.utsushi.index.EngineIndex;
import dev.utsushi.index.Engines;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.search.HttpCaller;
import dev.utsushi.search.UrlConnectionCaller;
import dev.utsushi.settings.DeadLetterSettings;
import dev.utsushi.stream.RecordReader;
import dev.utsushi.telemetry.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * A table with its stream, its dead-letter queue and its index, on real servers, and the handlers
 * in this JVM. What can be put between them and the servers a test may replace.
 */
final class Bench {
  private static final AtomicInteger TABLES = new AtomicInteger();

  /** One of each for all tests of this JVM; they go with it. */
  private static final class Servers {
    static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.start();
    static final LocalSqs SQS = LocalSqs.start();

    static {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    DYNAMO_DB.close();
                    SQS.close();
                  }));
    }
  }

  private final String table = "dead_letters_" + TABLES.incrementAndGet();
  private final LocalDynamoDb dynamoDb;
  final String stream;
  final String queueUrl;
  final String index = table.replace('_', '-');

  HttpCaller caller = new UrlConnectionCaller();
  SqsClient sqs = sqs().client();
  DynamoDbStreamsClient streams;
  Duration time = Duration.ofSeconds(60);

  Bench() {
    this(Servers.DYNAMO_DB);
  }

  Bench(LocalDynamoDb dynamoDb) {
    this.dynamoDb = dynamoDb;
    streams = dynamoDb.streams();
    stream = createTable();
    queueUrl = sqs().client().createQueue(request -> request.queueName(table)).queueUrl();
  }

  /** Its database, for tests that make it older: one that ages leaves marks on what comes after. */
  LocalDynamoDb dynamoDb() {
    return dynamoDb;
  }

  static DynamoDbStreamsClient sharedStreams() {
    return Servers.DYNAMO_DB.streams();
  }

  static LocalSqs sqs() {
    return Servers.SQS;
  }

  // The table.

  private String createTable() {
    return dynamoDb()
        .client()
        .createTable(
            request ->
                request
                    .tableName(table)
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(
                        KeySchemaElement.builder()
                            .attributeName("id")
                            .keyType(KeyType.HASH)
                            .build())
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .streamSpecification(
                        spec ->
                            spec.streamEnabled(true)
                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
        .tableDescription()
        .latestStreamArn();
  }

  void put(String id, String memo) {
    put(Map.of("id", AttributeValue.fromS(id), "memo", AttributeValue.fromS(memo)));
  }

  void put(Map<String, AttributeValue> item) {
    dynamoDb().client().putItem(request -> request.tableName(table).item(item));
  }

  void delete(String id) {
    dynamoDb()
        .client()
        .deleteItem(
            request -> request.tableName(table).key(Map.of("id", AttributeValue.fromS(id))));
  }

  /** The memo of each item, by id. */
  Map<String, String> items() {
    Map<String, String> items = new HashMap<>();
    for (var item :
        dynamoDb().client().scanPaginator(request -> request.tableName(table)).items()) {
      items.put(text(item, "id"), text(item, "memo"));
    }
    return items;
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name)).s();
  }

  // The stream.

  /** A record and its shard. */
  record Streamed(String shardId, Record streamRecord) {
    String sequenceNumber() {
      return streamRecord.dynamodb().sequenceNumber();
    }
  }

  /** All that the stream holds. */
  List<Streamed> streamed() {
    List<Streamed> streamed = new ArrayList<>();
    DynamoDbStreamsClient client = dynamoDb().streams();
    for (Shard shard :
        client.describeStream(request -> request.streamArn(stream)).streamDescription().shards()) {
      String iterator =
          client
              .getShardIterator(
                  request ->
                      request
                          .streamArn(stream)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      while (iterator != null) {
        String at = iterator;
        var page = client.getRecords(request -> request.shardIterator(at));
        page.records().forEach(each -> streamed.add(new Streamed(shard.shardId(), each)));
        iterator = page.records().isEmpty() ? null : page.nextShardIterator();
      }
    }
    return streamed;
  }

  /** Lambda's message about these records. */
  String failure(Streamed... batch) {
    return failure(Instant.now(), batch);
  }

  String failure(Instant failedAt, Streamed... batch) {
    Streamed last = batch[batch.length - 1];
    return Failures.json(
        stream,
        last.shardId(),
        batch[0].sequenceNumber(),
        last.sequenceNumber(),
        batch.length,
        failedAt);
  }

  /** Lambda's message about this record and one before it, of which the stream knows nothing. */
  String failureWithOneForgotten(Streamed left) {
    String number = left.sequenceNumber();
    return Failures.json(stream, left.shardId(), number, number, 2, Instant.now());
  }

  // The handlers.

  Map<String, String> environment() {
    return Map.of(
        "UTSUSHI_SEARCH_ENDPOINT",
        Engines.openSearch().endpoint().toString(),
        "UTSUSHI_SEARCH_AUTH",
        "none",
        "UTSUSHI_INDEX",
        index,
        "UTSUSHI_PARTITION_KEY",
        "id",
        "UTSUSHI_TABLE_ARN",
        stream.substring(0, stream.indexOf("/stream/")),
        "UTSUSHI_DEAD_LETTER_QUEUE_URL",
        queueUrl);
  }

  private DeadLetterSettings settings(boolean secondChance) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("UTSUSHI_SECOND_CHANCE", Boolean.toString(secondChance));
    return DeadLetterSettings.read(environment);
  }

  /** Captures messages with these bodies; gives the positions of those that have to come again. */
  List<Integer> capture(boolean secondChance, String... bodies) {
    var handler =
        new CaptureHandler(
            settings(secondChance),
            caller,
            new RangeReader(streams),
            new DeadLetterQueue(sqs, queueUrl));
    List<SQSMessage> messages = new ArrayList<>();
    for (int i = 0; i < bodies.length; i++) {
      SQSMessage message = new SQSMessage();
      message.setMessageId(Integer.toString(i));
      message.setBody(bodies[i]);
      messages.add(message);
    }
    SQSEvent event = new SQSEvent();
    event.setRecords(messages);
    SQSBatchResponse response = handler.handleRequest(event, new InvocationContext(time));
    return response.getBatchItemFailures().stream()
        .map(failure -> Integer.valueOf(failure.getItemIdentifier()))
        .toList();
  }

  ReplayReply replay() {
    return replay(ReplayRequest.ALL);
  }

  ReplayReply dryRun() {
    return replay(new ReplayRequest(true, 0, Duration.ZERO, 0));
  }

  ReplayReply replay(ReplayRequest request) {
    var handler =
        new ReplayHandler(
            settings(false),
            caller,
            new RangeReader(streams),
            new DeadLetterQueue(sqs, queueUrl),
            Duration.ZERO);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(
          new ByteArrayInputStream(request.toJson().getBytes(UTF_8)),
          output,
          new InvocationContext(time));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ReplayReply.parse(output.toString(UTF_8));
  }

  // The queue.

  void park(String... bodies) {
    for (String body : bodies) {
      sqs().client().sendMessage(request -> request.queueUrl(queueUrl).messageBody(body));
    }
  }

  /** The bodies of the messages that can be seen, up to ten. */
  List<String> parked() {
    return sqs()
        .client()
        .receiveMessage(
            request -> request.queueUrl(queueUrl).maxNumberOfMessages(10).visibilityTimeout(0))
        .messages()
        .stream()
        .map(Message::body)
        .toList();
  }

  /** How many messages there are: those that can be seen, those that are hidden. */
  List<Integer> counts() {
    Map<QueueAttributeName, String> attributes =
        sqs()
            .client()
            .getQueueAttributes(
                request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return List.of(
        Integer.valueOf(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
        Integer.valueOf(
            attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)));
  }

  /** Shows all that a killed replay has hidden, as time would. */
  void hiddenComeBack(List<String> receiptHandles) {
    for (String handle : receiptHandles) {
      try {
        sqs()
            .client()
            .changeMessageVisibility(
                request -> request.queueUrl(queueUrl).receiptHandle(handle).visibilityTimeout(0));
      } catch (SqsException e) {
        // It was deleted before the replay was killed.
      }
    }
  }

  // The index.

  EngineIndex index() {
    return new EngineIndex(Engines.openSearch().endpoint(), index);
  }

  /** The memo of each document that readers find, by id. */
  Map<String, String> documents() {
    Map<String, String> documents = new HashMap<>();
    if (!index()
        .send("GET", "/_cat/aliases?format=json", "")
        .toString()
        .contains('"' + index + '"')) {
      return documents;
    }
    index().found().forEach((id, document) -> documents.put(id, memo(document)));
    return documents;
  }

  private static String memo(JsonNode document) {
    return document.path("memo").asText();
  }

  /** The flow, as the event source mapping would feed it. */
  void replicate(Streamed... records) {
    Log nowhere = new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());
    var flow =
        Assembly.replication(settings(false).replication(), new UrlConnectionCaller(), nowhere);
    var response =
        flow.replicate(
            Arrays.stream(records).map(this::lambdaRecord).toList(),
            Deadline.in(Duration.ofSeconds(30), InstantSource.system()));
    assertThat(response.getBatchItemFailures()).isEmpty();
  }

  private DynamodbStreamRecord lambdaRecord(Streamed streamed) {
    return RecordReader.read(RecordTexts.of(streamed.streamRecord(), stream));
  }
}
