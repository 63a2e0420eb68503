package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.kinesis.StreamingDestination;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * The Kinesis stream of a pipeline, and what forwards the table's changes to it.
 *
 * @param since the label of its changes
 */
record ForwardedStream(KinesisEnd end, String arn, String since, StreamingDestination destination)
    implements AutoCloseable {
  private static final DateTimeFormatter LABEL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  static ForwardedStream create(KinesisEnd end, LocalDynamoDb database, EmbeddedPipeline pipeline) {
    String arn = end.server().createStream(pipeline.name(), end.shards());
    // Later than the table's own stream, which may have been enabled in this millisecond.
    String since = LABEL.format(Instant.now().plusMillis(1));
    StreamingDestination destination =
        StreamingDestination.start(
            database.streams(),
            pipeline.streamArn(),
            end.server().client(),
            arn,
            StreamingDestination.Precision.MICROSECOND,
            end.faults());
    return new ForwardedStream(end, arn, since, destination);
  }

  /** Returns the variables of the functions. */
  Map<String, String> environment() {
    return Map.of(
        Setting.KINESIS_STREAM_ARN.variable(),
        arn,
        Setting.KINESIS_SINCE.variable(),
        since,
        "AWS_ENDPOINT_URL_KINESIS",
        end.server().endpoint().toString());
  }

  @Override
  public void close() {
    destination.close();
  }
}
