package dev.utsushi.local.dynamodb;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsRequest;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Identity;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardFilter;
import software.amazon.awssdk.services.dynamodb.model.StreamDescription;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.shared.access.AmazonDynamoDBLocal;

/**
 * DynamoDB Local's request handler, patched where it differs from AWS's.
 *
 * <ul>
 *   <li>A TTL expiry is a REMOVE by the service, with the table's keys. DynamoDB Local intends the
 *       same, but compares its own EXPIRE with a parsed enum that lacks it, so clients see an
 *       unknown event name and no identity; and its keys include those of the table's indexes.
 *   <li>An empty map is an empty map. DynamoDB Local has an attribute without a type in its place.
 *   <li>A page of a scan costs what the page holds. DynamoDB Local reads all that is left of the
 *       table or segment for each page without a limit, and stops everything else meanwhile.
 *   <li>The children of a shard are found by its filter. DynamoDB Local answers that it has none.
 * </ul>
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ShardFilter.html">ShardFilter</a>
 */
final class PatchedRequestHandler extends LocalDynamoDBRequestHandler {
  private static final String EXPIRE = "EXPIRE";
  private static final Identity TIME_TO_LIVE =
      Identity.builder().type("Service").principalId("dynamodb.amazonaws.com").build();

  /** As long as nothing is known of the items' size; 400 KB each at most. */
  private static final int FIRST_SCAN = 32;

  private final String accessKey;

  /** How many items the last whole page of a table had. */
  private final Map<String, Integer> wholePages = new ConcurrentHashMap<>();

  /**
   * @param accessKey any; it does not select a database, because there is only one
   */
  PatchedRequestHandler(String accessKey) {
    super(0, true, null, true, false);
    this.accessKey = accessKey;
  }

  /** Reads with a growing limit until the page is full, so that it ends where it would without. */
  @Override
  public ScanResponse scan(String accessKey, String region, ScanRequest request) {
    int most = request.limit() == null ? Integer.MAX_VALUE : request.limit();
    int last = wholePages.getOrDefault(request.tableName(), FIRST_SCAN);
    // A page often holds a few more than the one before.
    for (int limit = last + last / 4; limit < most; limit *= 2) {
      ScanResponse page = super.scan(accessKey, region, request.toBuilder().limit(limit).build());
      if (!page.hasLastEvaluatedKey()) {
        return page;
      }
      if (page.scannedCount() < limit) {
        wholePages.put(request.tableName(), page.scannedCount());
        return page;
      }
    }
    return super.scan(accessKey, region, request);
  }

  @Override
  public DescribeStreamResponse describeStream(
      String accessKey, String region, DescribeStreamRequest request) {
    ShardFilter filter = request.shardFilter();
    if (filter == null) {
      return super.describeStream(accessKey, region, request);
    }
    List<Shard> children = new ArrayList<>();
    var unfiltered = request.toBuilder().shardFilter((ShardFilter) null).limit(null);
    StreamDescription page;
    do {
      page = super.describeStream(accessKey, region, unfiltered.build()).streamDescription();
      page.shards().stream()
          .filter(shard -> filter.shardId().equals(shard.parentShardId()))
          .forEach(children::add);
      unfiltered.exclusiveStartShardId(page.lastEvaluatedShardId());
    } while (page.lastEvaluatedShardId() != null);
    StreamDescription description = page.toBuilder().shards(children).build();
    return DescribeStreamResponse.builder().streamDescription(description).build();
  }

  @Override
  public GetRecordsResponse getRecords(String accessKey, String region, GetRecordsRequest request) {
    GetRecordsResponse response = super.getRecords(accessKey, region, request);
    Set<String> keys =
        response.records().stream().anyMatch(PatchedRequestHandler::isExpiry)
            ? keysOf(accessKey, region, request.shardIterator())
            : Set.of();
    return response.toBuilder()
        .records(
            response.records().stream()
                .map(record -> isExpiry(record) ? expiry(record, keys) : record)
                .map(PatchedRequestHandler::withEmptyMaps)
                .toList())
        .build();
  }

  private static boolean isExpiry(Record record) {
    return EXPIRE.equals(record.eventNameAsString());
  }

  /** Returns the names of the table's key attributes; an iterator starts with its stream's ARN. */
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

  private static Record withEmptyMaps(Record record) {
    StreamRecord change = record.dynamodb();
    StreamRecord.Builder patched = change.toBuilder();
    if (change.hasNewImage()) {
      patched.newImage(withEmptyMaps(change.newImage()));
    }
    if (change.hasOldImage()) {
      patched.oldImage(withEmptyMaps(change.oldImage()));
    }
    return record.toBuilder().dynamodb(patched.build()).build();
  }

  private static Map<String, AttributeValue> withEmptyMaps(Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> patched = new HashMap<>(attributes);
    patched.replaceAll((_, value) -> withEmptyMaps(value));
    return patched;
  }

  private static AttributeValue withEmptyMaps(AttributeValue value) {
    return switch (value.type()) {
      case UNKNOWN_TO_SDK_VERSION -> AttributeValue.fromM(Map.of());
      case M -> AttributeValue.fromM(withEmptyMaps(value.m()));
      case L -> {
        List<AttributeValue> elements = value.l();
        yield AttributeValue.fromL(
            elements.stream().map(PatchedRequestHandler::withEmptyMaps).toList());
      }
      case S, N, B, SS, NS, BS, BOOL, NUL -> value;
    };
  }

  /** Returns the database behind the handler, for operations that have no request. */
  AmazonDynamoDBLocal database() {
    try {
      Method getHandler =
          LocalDynamoDBRequestHandler.class.getDeclaredMethod("getHandler", String.class);
      getHandler.setAccessible(true);
      return (AmazonDynamoDBLocal) getHandler.invoke(this, accessKey);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DynamoDB Local has changed its request handler", e);
    }
  }
}
