package dev.utsushi.construct;

import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Names;
import software.amazon.awscdk.UniqueResourceNameOptions;
import software.amazon.awscdk.services.kinesis.CfnStreamConsumer;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.DestinationConfigProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.FilterCriteriaProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.FilterProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.MetricsConfigProperty;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping.OnFailureProperty;
import software.constructs.Construct;

/** What every event source mapping of a table's changes has, whoever consumes them. */
final class StreamMapping {
  static final String[] READ_DYNAMODB = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams"
  };
  static final String[] READ_KINESIS = {
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards"
  };
  static final String[] READ_CONSUMER = {
    "kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"
  };

  /** What a function's reply may name in place of failing as a whole. */
  static final List<String> ITEM_FAILURES = List.of("ReportBatchItemFailures");

  private static final UniqueResourceNameOptions CONSUMER_NAME =
      UniqueResourceNameOptions.builder().maxLength(128).separator("-").build();

  private StreamMapping() {}

  /** Returns the ARN of the table's own stream. */
  static String streamArn(ReplicationProps props) {
    return Optional.ofNullable(props.table.getTableStreamArn())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the table of %s has no stream: enable it, or import the table with tableStreamArn"
                        .formatted(props.index)));
  }

  /** Creates a consumer that has a Kinesis stream's throughput to itself, and returns its ARN. */
  static String consumer(Construct scope, IStream stream) {
    return CfnStreamConsumer.Builder.create(scope, "Consumer")
        .streamArn(stream.getStreamArn())
        .consumerName(Names.uniqueResourceName(scope, CONSUMER_NAME))
        .build()
        .getAttrConsumerArn();
  }

  static CfnEventSourceMapping.Builder builder(
      Construct scope,
      boolean kinesis,
      ReplicationProps props,
      String sourceArn,
      String functionArn,
      String failureQueueArn) {
    var onFailure = OnFailureProperty.builder().destination(failureQueueArn).build();
    CfnEventSourceMapping.Builder builder =
        CfnEventSourceMapping.Builder.create(
                scope, kinesis ? "KinesisEventSourceMapping" : "EventSourceMapping")
            .eventSourceArn(sourceArn)
            .functionName(functionArn)
            .startingPosition(props.startingPosition.name())
            .batchSize(props.batchSize)
            .maximumBatchingWindowInSeconds(props.batchingWindow.toSeconds())
            .parallelizationFactor(props.parallelizationFactor)
            .maximumRetryAttempts(props.maximumRetryAttempts)
            .maximumRecordAgeInSeconds(
                props.maximumRecordAge == null ? -1 : props.maximumRecordAge.toSeconds())
            .bisectBatchOnFunctionError(props.bisectBatchOnError)
            .destinationConfig(DestinationConfigProperty.builder().onFailure(onFailure).build())
            .metricsConfig(MetricsConfigProperty.builder().metrics(List.of("EventCount")).build());
    if (!props.enabled) {
      builder.enabled(false);
    }
    if (!props.filterPatterns.isEmpty()) {
      // In Kinesis the change is the record's data.
      String pattern = kinesis ? "{\"data\":%s}" : "%s";
      var filters =
          props.filterPatterns.stream()
              .map(it -> FilterProperty.builder().pattern(pattern.formatted(it)).build())
              .toList();
      builder.filterCriteria(FilterCriteriaProperty.builder().filters(filters).build());
    }
    return builder;
  }
}
