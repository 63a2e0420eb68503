package dev.utsushi.infra.stack;

import static java.util.Objects.requireNonNullElse;

import dev.utsushi.infra.settings.StreamSettings.ExistingTable;
import dev.utsushi.infra.settings.StreamSettings.NewTable;
import dev.utsushi.infra.settings.StreamSettings.TableSettings;
import java.util.Objects;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Billing;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.StreamViewType;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.constructs.Construct;

/** The table that is copied. */
record SourceTable(String name, String arn, String streamArn) {

  /**
   * Returns the pattern of the table's current and former streams: a stream that is disabled and
   * enabled again has a new ARN, and the old one's records can be read for 24 more hours.
   */
  String everyStreamArn() {
    return arn + "/stream/*";
  }

  static SourceTable of(Construct scope, TableSettings settings) {
    return switch (settings) {
      case NewTable table -> create(scope, table);
      case ExistingTable table ->
          new SourceTable(
              table.arn().substring(table.arn().indexOf('/') + 1), table.arn(), table.streamArn());
    };
  }

  /** The master copy: neither the stack's deletion nor a slip in the console deletes it. */
  private static SourceTable create(Construct scope, NewTable settings) {
    TableV2.Builder builder =
        TableV2.Builder.create(scope, "Table")
            .tableName(settings.name())
            .timeToLiveAttribute(settings.timeToLiveAttribute())
            .partitionKey(attribute(settings.partitionKey(), settings.partitionKeyType()))
            .billing(Billing.onDemand())
            .dynamoStream(StreamViewType.NEW_AND_OLD_IMAGES)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
            .deletionProtection(true)
            .removalPolicy(RemovalPolicy.RETAIN);
    String sortKey = settings.sortKey();
    if (sortKey != null) {
      builder.sortKey(attribute(sortKey, requireNonNullElse(settings.sortKeyType(), "S")));
    }
    TableV2 table = builder.build();
    CfnOutput.Builder.create(scope, "TableName").value(table.getTableName()).build();
    return new SourceTable(
        table.getTableName(),
        table.getTableArn(),
        Objects.requireNonNull(table.getTableStreamArn(), "stream"));
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
