package dev.utsushi.local.dynamodb;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.shared.access.AmazonDynamoDBLocal;

/**
 * DynamoDB Local's request handler, with the events of TTL expiries as AWS writes them: a REMOVE by
 * the service. DynamoDB Local means to do that, but compares its own EXPIRE with a parsed enum that
 * doesn't have it, so that clients see an event name they don't know and no identity.
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
    return response.toBuilder()
        .records(
            response.records().stream()
                .map(MendedRequestHandler::mended)
                .map(EmptyMaps::in)
                .toList())
        .build();
  }

  private static Record mended(Record record) {
    return EXPIRE.equals(record.eventNameAsString())
        ? record.toBuilder().eventName(OperationType.REMOVE).userIdentity(TIME_TO_LIVE).build()
        : record;
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
