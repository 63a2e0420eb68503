package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings.KinesisSettings;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.kinesis.Stream;
import software.amazon.awscdk.services.kinesis.StreamAttributes;
import software.amazon.awscdk.services.kinesis.StreamEncryption;
import software.amazon.awscdk.services.kinesis.StreamMode;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/** The Kinesis stream that receives a table's changes: a new one, or one that exists. */
final class ChangeStream {
  private ChangeStream() {}

  static IStream of(Construct stream, String index, KinesisSettings settings) {
    IStream changes =
        settings.existingStreamArn() == null
            ? create(stream, settings)
            : existing(stream, settings.existingStreamArn(), settings);
    Outputs.add(stream, index, "KinesisStreamArn", changes.getStreamArn());
    return changes;
  }

  private static IStream existing(Construct stream, String arn, KinesisSettings settings) {
    return Stream.fromStreamAttributes(
        stream,
        "Changes",
        StreamAttributes.builder()
            .streamArn(arn)
            .encryptionKey(
                Optional.ofNullable(settings.kmsKeyArn())
                    .map(key -> Key.fromKeyArn(stream, "ChangesKey", key))
                    .orElse(null))
            .build());
  }

  /** It holds changes that may not be in the index yet, but the table holds their items. */
  private static IStream create(Construct stream, KinesisSettings settings) {
    Stream.Builder builder =
        Stream.Builder.create(stream, "Changes")
            .encryption(StreamEncryption.MANAGED)
            .retentionPeriod(Duration.hours(settings.retentionHours()))
            .removalPolicy(RemovalPolicy.DESTROY);
    if (settings.shards() == null) {
      builder.streamMode(StreamMode.ON_DEMAND);
    } else {
      builder.streamMode(StreamMode.PROVISIONED).shardCount(settings.shards());
    }
    return builder.build();
  }
}
