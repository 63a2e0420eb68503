package dev.utsushi.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.deadletter.StreamRange;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.RecordReader;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.AwsJsonApi;
import dev.utsushi.core.search.HttpCaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/**
 * Reads the shard of a range of a Kinesis stream.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 */
record KinesisShards(AwsJsonApi kinesis, StreamRange range, RecordFilter filter, Deadline deadline)
    implements ShardPages {
  /** A shard answers five of these requests a second, to all of its readers together. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final String THROTTLED = "ProvisionedThroughputExceededException";

  static AwsJsonApi api(String region, Map<String, String> environment, HttpCaller caller) {
    return AwsJsonApi.of(
        "kinesis", "KINESIS", RangeReader.KINESIS_API, region, environment, caller);
  }

  @Override
  public String iterator(ShardIteratorType type, @Nullable String sequenceNumber) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("StreamARN", range.streamArn());
    // Servers without support for the ARN take the name.
    request.put("StreamName", range.streamArn().substring(range.streamArn().indexOf('/') + 1));
    request.put("ShardId", range.shardId());
    request.put("ShardIteratorType", type.toString());
    if (sequenceNumber != null) {
      request.put("StartingSequenceNumber", sequenceNumber);
    }
    return call("GetShardIterator", request).path("ShardIterator").asText();
  }

  @Override
  public Page page(String iterator) {
    JsonNode page = call("GetRecords", Map.of("ShardIterator", iterator));
    JsonNode records = page.path("Records");
    boolean newest = records.isEmpty() && page.path("MillisBehindLatest").asLong(1) == 0;
    return new Page(
        records.valueStream().map(this::read).toList(),
        page.path("NextShardIterator").textValue(),
        newest);
  }

  private Read read(JsonNode read) {
    String sequenceNumber = read.path("SequenceNumber").asText();
    return new Read(sequenceNumber, () -> passed(sequenceNumber, read.path("Data").asText()));
  }

  private Optional<StreamRecord> passed(String sequenceNumber, String data) {
    byte[] bytes = Base64.getDecoder().decode(data);
    return filter.matchesKinesis(bytes)
        ? Optional.of(
            RecordReader.readKinesis(
                new ByteArrayInputStream(bytes), range.streamArn(), sequenceNumber))
        : Optional.empty();
  }

  private JsonNode call(String operation, Map<String, ?> request) {
    try {
      AwsJsonApi.Reply reply = kinesis.call(operation, request, deadline.requestTimeout());
      while (THROTTLED.equals(reply.errorType()) && deadline.pause(PAUSE)) {
        reply = kinesis.call(operation, request, deadline.requestTimeout());
      }
      if (!reply.isSuccess()) {
        throw failure(reply.errorType());
      }
      return reply.json();
    } catch (IOException | CredentialsException e) {
      throw SdkClientException.create(e.getClass().getSimpleName(), e);
    }
  }

  private static AwsServiceException failure(String type) {
    return switch (type) {
      case "ExpiredIteratorException" -> ExpiredIteratorException.builder().message(type).build();
      case "ResourceNotFoundException" -> ResourceNotFoundException.builder().message(type).build();
      default ->
          AwsServiceException.builder()
              .awsErrorDetails(AwsErrorDetails.builder().errorCode(type).build())
              .build();
    };
  }
}
