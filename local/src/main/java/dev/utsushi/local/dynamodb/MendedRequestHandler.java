package dev.utsushi.local.dynamodb;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.shared.access.AmazonDynamoDBLocal;

/**
 * DynamoDB Local's request handler, with the events of TTL expiries as AWS writes them: a REMOVE by
 * the service, with the table's keys. DynamoDB Local means to do that, but compares its own EXPIRE
 * with a parsed enum that doesn't have it, so that clients see an event name they don't know and no
 * identity; and its keys are those of the table's indexes too.
 */
final class MendedRequestHandler extends LocalDynamoDBRequestHandler {
  private static final String EXPIRE = "EXPIRE";
  private static final Identity TIME_TO_LIVE =
      Identity.builder().type("Service").principalId("dynamodb.amazonaws.com").build();

  private final String accessKey;

  /**
   * @param accessKey any; with one shared database it does not choose between databases
   */
  MendedRequestHandler(String accessKey) {
    super(0, true, null, true, false);
    this.accessKey = accessKey;
  }

  @Override
  public GetRecordsResponse getRecords(String accessKey, String region, GetRecordsRequest request) {
    GetRecordsResponse response = super.getRecords(accessKey, region, request);
    Set<String> keys =
        response.records().stream().anyMatch(MendedRequestHandler::isExpiry)
            ? keysOf(accessKey, region, request.shardIterator())
            : Set.of();
    return response.toBuilder()
        .records(
            response.records().stream()
                .map(record -> isExpiry(record) ? expiry(record, keys) : record)
                .map(EmptyMaps::in)
                .toList())
        .build();
  }

  private static boolean isExpiry(Record record) {
    return EXPIRE.equals(record.eventNameAsString());
  }

  /** The names of the table's key attributes; an iterator starts with its stream's ARN. */
  private Set<String> keysOf(String accessKey, String region, String shardIterator) {
    String streamArn = shardIterator.substring(0, shardIterator.indexOf('|'));
    var request = DescribeStreamRequest.builder().streamArn(streamArn).build();
    return describeStream(accessKey, region, request).streamDescription().keySchema().stream()
        .map(KeySchemaElement::attributeName)
        .collect(Collectors.toSet());
  }

  private static Record expiry(Record record, Set<String> keys) {
    Map<String, AttributeValue> own = new HashMap<>(record.dynamodb().keys());
    own.keySet().retainAll(keys);
    return record.toBuilder()
        .eventName(OperationType.REMOVE)
        .userIdentity(TIME_TO_LIVE)
        .dynamodb(record.dynamodb().toBuilder().keys(own).build())
        .build();
  }

  /** The database behind the handler, for what no request can ask for. */
  AmazonDynamoDBLocal database() {
    try {
      var lookup =
          MethodHandles.privateLookupIn(LocalDynamoDBRequestHandler.class, MethodHandles.lookup());
      MethodHandle getHandler =
          lookup.findVirtual(
              LocalDynamoDBRequestHandler.class,
              "getHandler",
              MethodType.methodType(AmazonDynamoDBLocal.class, String.class));
      return (AmazonDynamoDBLocal) getHandler.invoke(this, accessKey);
    } catch (Throwable e) {
      throw new IllegalStateException("DynamoDB Local has changed its request handler", e);
    }
  }
}
