package dev.utsushi.testbed.pipeline;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.kinesis.StreamingDestination;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.function.Supplier;

/** The Kinesis stream of a pipeline, and what forwards the table's changes to it. */
final class ForwardedStream implements AutoCloseable {
  private static final DateTimeFormatter LABEL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private final KinesisEnd end;
  private final String arn;

  /** The label of its changes. */
  private final String since;

  private final Supplier<StreamingDestination> start;
  private volatile StreamingDestination destination;

  private ForwardedStream(
      KinesisEnd end, String arn, String since, Supplier<StreamingDestination> start) {
    this.end = end;
    this.arn = arn;
    this.since = since;
    this.start = start;
    destination = start.get();
  }

  static ForwardedStream create(KinesisEnd end, LocalDynamoDb database, EmbeddedPipeline pipeline) {
    String arn = end.server().createStream(pipeline.name(), end.shards());
    // Later than the table's own stream, which may have been enabled in this millisecond.
    String since = LABEL.format(Instant.now().plusMillis(1));
    String streamArn = pipeline.streamArn();
    return new ForwardedStream(
        end,
        arn,
        since,
        () ->
            StreamingDestination.start(
                database.streams(),
                streamArn,
                end.server().client(),
                arn,
                StreamingDestination.Precision.MICROSECOND,
                end.faults()));
  }

  KinesisEnd end() {
    return end;
  }

  String arn() {
    return arn;
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

  void awaitForwarded() {
    destination.awaitForwarded();
  }

  void restart() {
    destination.awaitForwarded();
    destination.close();
    destination = start.get();
  }

  @Override
  public void close() {
    destination.close();
  }
}
