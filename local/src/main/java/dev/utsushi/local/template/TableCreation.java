package dev.utsushi.local.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/** Makes a planned table, empty, with its stream and its expiry. */
final class TableCreation {
  private TableCreation() {}

  static RunningTable create(DynamoDbClient dynamoDb, Planned.Table planned) {
    var description = dynamoDb.createTable(request(planned)).tableDescription();
    planned
        .expiry()
        .ifPresent(
            attribute ->
                dynamoDb.updateTimeToLive(
                    request ->
                        request
                            .tableName(planned.name())
                            .timeToLiveSpecification(
                                expiry -> expiry.enabled(true).attributeName(attribute))));
    String streamArn = Optional.ofNullable(description.latestStreamArn()).orElse("");
    return new RunningTable(planned.logicalId(), planned.name(), streamArn);
  }

  private static CreateTableRequest request(Planned.Table planned) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    List<KeySchemaElement> schema = new ArrayList<>();
    for (KeyAttribute key : planned.keys()) {
      attributes.add(
          AttributeDefinition.builder()
              .attributeName(key.name())
              .attributeType(key.type())
              .build());
      KeyType type = schema.isEmpty() ? KeyType.HASH : KeyType.RANGE;
      schema.add(KeySchemaElement.builder().attributeName(key.name()).keyType(type).build());
    }
    var request =
        CreateTableRequest.builder()
            .tableName(planned.name())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes)
            .keySchema(schema);
    planned.stream()
        .ifPresent(
            view ->
                request.streamSpecification(
                    stream -> stream.streamEnabled(true).streamViewType(view)));
    return request.build();
  }
}
