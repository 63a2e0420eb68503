package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.run.RunStore;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The tables and queues of a pipeline, which are named after it. */
record PipelineResources(SqsClient sqs, DynamoDbClient dynamoDb, PipelineOptions options) {
  /**
   * Items that <a
   * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html">BatchWriteItem</a>
   * takes.
   */
  private static final int MOST_IN_A_BATCH = 25;

  private static final Duration RETENTION = Duration.ofDays(14);
  private static final int MAXIMUM_RECEIVES = 5;

  /** Creates the table of runs. */
  String createRunTable() {
    String table = options.name() + "-runs";
    dynamoDb.createTable(
        create ->
            create
                .tableName(table)
                .attributeDefinitions(
                    attribute(RunStore.PARTITION_KEY, ScalarAttributeType.S),
                    attribute(RunStore.SORT_KEY, ScalarAttributeType.N))
                .keySchema(
                    key(RunStore.PARTITION_KEY, KeyType.HASH),
                    key(RunStore.SORT_KEY, KeyType.RANGE))
                .billingMode(BillingMode.PAY_PER_REQUEST));
    return table;
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  String createSegmentQueue() {
    String failed = createQueue("failed-segments", Map.of());
    return createQueue("segments", redrive(failed, options.workerTimeout().plusSeconds(10)));
  }

  /**
   * Creates the table with its first items, which are in no stream.
   *
   * @return the ARN of its stream
   */
  String createTable() {
    List<KeyType> roles = List.of(KeyType.HASH, KeyType.RANGE);
    List<AttributeDefinition> attributes = new ArrayList<>();
    List<KeySchemaElement> schema = new ArrayList<>();
    for (KeyAttribute key : options.keys()) {
      KeyType role = roles.get(schema.size());
      attributes.add(attribute(key.name(), key.type()));
      schema.add(key(key.name(), role));
    }
    dynamoDb.createTable(
        table ->
            table
                .tableName(options.name())
                .attributeDefinitions(attributes)
                .keySchema(schema)
                .billingMode(BillingMode.PAY_PER_REQUEST));
    options
        .itemsBeforeStream()
        .get()
        .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
        .gather(Gatherers.windowFixed(MOST_IN_A_BATCH))
        .forEach(
            batch ->
                dynamoDb.batchWriteItem(put -> put.requestItems(Map.of(options.name(), batch))));
    return dynamoDb
        .updateTable(
            table ->
                table
                    .tableName(options.name())
                    .streamSpecification(
                        stream ->
                            stream
                                .streamEnabled(true)
                                .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)))
        .tableDescription()
        .latestStreamArn();
  }

  String createDeadLetterQueue() {
    return createQueue("dead-letters", Map.of());
  }

  /** Creates the queue whose messages end in the dead-letter queue. */
  String createFailureQueue(String deadLetterQueueUrl) {
    return createQueue(
        "failures", redrive(deadLetterQueueUrl, options.captureTimeout().multipliedBy(6)));
  }

  private Map<QueueAttributeName, String> redrive(String queueUrl, Duration visibilityTimeout) {
    String arn =
        sqs.getQueueAttributes(
                request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    return Map.of(
        QueueAttributeName.VISIBILITY_TIMEOUT,
        Long.toString(visibilityTimeout.toSeconds()),
        QueueAttributeName.REDRIVE_POLICY,
        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn, MAXIMUM_RECEIVES));
  }

  private String createQueue(String role, Map<QueueAttributeName, String> attributes) {
    Map<QueueAttributeName, String> all = new HashMap<>(attributes);
    all.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, Long.toString(RETENTION.toSeconds()));
    return sqs.createQueue(queue -> queue.queueName(options.name() + "-" + role).attributes(all))
        .queueUrl();
  }

  /** Returns how many messages a queue holds, those in flight included. */
  long messages(String queueUrl) {
    return sqs
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(queueUrl)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }
}
