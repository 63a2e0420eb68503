package dev.utsushi.infra.stack;

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
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.TableAttributesV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/** The table that is copied: a new one, or one that exists. */
final class SourceTable {
  private SourceTable() {}

  static ITable of(Construct stream, String index, TableSettings settings) {
    return switch (settings) {
      case NewTable table -> create(stream, index, table);
      case ExistingTable table -> existing(stream, table);
    };
  }

  private static ITable existing(Construct stream, ExistingTable settings) {
    return TableV2.fromTableAttributes(
        stream,
        "Table",
        TableAttributesV2.builder()
            .tableArn(settings.arn())
            .tableStreamArn(streamArn(stream, settings.streamArn()))
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
  private static ITable create(Construct stream, String index, NewTable settings) {
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
    TableV2 table = builder.build();
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
