package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.TableSettings;
import dev.utsushi.infra.settings.TableSettings.KeyAttribute;
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
   * Its stream, and those that it had before: one that is switched off and on again has a new ARN,
   * and the old one's records can be read for 24 hours more.
   */
  String everyStreamArn() {
    return arn + "/stream/*";
  }

  static SourceTable of(Construct scope, TableSettings settings) {
    return switch (settings) {
      case TableSettings.Create create -> create(scope, create);
      case TableSettings.Existing existing ->
          new SourceTable(
              existing.arn().substring(existing.arn().indexOf('/') + 1),
              existing.arn(),
              existing.streamArn());
    };
  }

  /** The master copy: neither the stack's end nor a slip in the console takes it away. */
  private static SourceTable create(Construct scope, TableSettings.Create settings) {
    TableV2.Builder builder =
        TableV2.Builder.create(scope, "Table")
            .partitionKey(attribute(settings.partitionKey()))
            .billing(Billing.onDemand())
            .dynamoStream(StreamViewType.NEW_AND_OLD_IMAGES)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
            .deletionProtection(true)
            .removalPolicy(RemovalPolicy.RETAIN);
    settings.name().ifPresent(builder::tableName);
    settings.sortKey().ifPresent(key -> builder.sortKey(attribute(key)));
    settings.timeToLive().ifPresent(builder::timeToLiveAttribute);
    TableV2 table = builder.build();
    CfnOutput.Builder.create(scope, "TableName").value(table.getTableName()).build();
    return new SourceTable(
        table.getTableName(),
        table.getTableArn(),
        Objects.requireNonNull(table.getTableStreamArn(), "stream"));
  }

  private static Attribute attribute(KeyAttribute key) {
    AttributeType type =
        switch (key.type()) {
          case "N" -> AttributeType.NUMBER;
          case "B" -> AttributeType.BINARY;
          default -> AttributeType.STRING;
        };
    return Attribute.builder().name(key.name()).type(type).build();
  }
}
