package dev.utsushi.infra.stack;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.utsushi.infra.settings.StreamSettings.ExistingTable;
import dev.utsushi.infra.settings.StreamSettings.NewTable;
import dev.utsushi.infra.settings.StreamSettings.TableSettings;
import java.util.Optional;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.CfnGlobalTable;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.TableAttributesV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.kinesis.IStream;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/** The table that is copied: a new one, or one that exists. */
final class SourceTable {
  private SourceTable() {}

  static ITable of(
      Construct stream, String index, TableSettings settings, Optional<IStream> kinesis) {
    return switch (settings) {
      case NewTable table -> create(stream, index, table, kinesis);
      case ExistingTable table -> existing(stream, table);
    };
  }

  private static ITable existing(Construct stream, ExistingTable settings) {
    return TableV2.fromTableAttributes(
        stream,
        "Table",
        TableAttributesV2.builder()
            .tableArn(settings.arn())
            .tableStreamArn(
                Optional.ofNullable(settings.streamArn())
                    .map(arn -> streamArn(stream, arn))
                    .orElse(null))
            .encryptionKey(
                Optional.ofNullable(settings.kmsKeyArn())
                    .map(arn -> Key.fromKeyArn(stream, "TableKey", arn))
                    .orElse(null))
            .build());
  }

  /** Another stack may give it, since a stream that is enabled again has a new one. */
  private static String streamArn(Construct stream, String given) {
    if (given.startsWith("ssm:")) {
      return StringParameter.valueForStringParameter(stream, given.substring("ssm:".length()));
    }
    return given.startsWith("export:")
        ? Fn.importValue(given.substring("export:".length()))
        : given;
  }

  /** The master copy: neither the stack's deletion nor a slip in the console deletes it. */
  private static ITable create(
      Construct stream, String index, NewTable settings, Optional<IStream> kinesis) {
    TableV2.Builder builder =
        TableV2.Builder.create(stream, "Table")
            .tableName(settings.name())
            .timeToLiveAttribute(settings.timeToLiveAttribute())
            .partitionKey(attribute(settings.partitionKey(), settings.partitionKeyType()))
            .billing(Billing.onDemand())
            .dynamoStream(StreamViewType.NEW_AND_OLD_IMAGES)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
            .deletionProtection(settings.isProtected())
            // A first deployment that fails must not leave a table whose name is taken.
            .removalPolicy(
                settings.name() == null
                    ? RemovalPolicy.RETAIN
                    : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    String sortKey = settings.sortKey();
    if (sortKey != null) {
      builder.sortKey(attribute(sortKey, requireNonNullElse(settings.sortKeyType(), "S")));
    }
    kinesis.ifPresent(builder::kinesisStream);
    TableV2 table = builder.build();
    if (kinesis.isPresent()) {
      // At a coarser precision two changes of an item may have no order.
      var resource = (CfnGlobalTable) requireNonNull(table.getNode().getDefaultChild(), "table");
      resource.addPropertyOverride(
          "Replicas.0.KinesisStreamSpecification.ApproximateCreationDateTimePrecision",
          "MICROSECOND");
    }
    Outputs.add(stream, index, "TableName", table.getTableName());
    return table;
  }

  private static Attribute attribute(String name, String type) {
    AttributeType attributeType =
        switch (type) {
          case "N" -> AttributeType.NUMBER;
          case "B" -> AttributeType.BINARY;
          default -> AttributeType.STRING;
        };
    return Attribute.builder().name(name).type(attributeType).build();
  }
}
