package dev.utsushi.local.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * Reads tables, global ones too.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html">AWS::DynamoDB::Table</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html">AWS::DynamoDB::GlobalTable</a>
 */
final class TableReader {
  private TableReader() {}

  static Planned.Table table(String logicalId, String name, Properties table) {
    // Capacity has no meaning on one machine, nor have backups, encryption and protection.
    table.ignore(
        "ProvisionedThroughput",
        "OnDemandThroughput",
        "WarmThroughput",
        "PointInTimeRecoverySpecification",
        "SSESpecification",
        "ContributorInsightsSpecification",
        "DeletionProtectionEnabled",
        "ResourcePolicy",
        "TableClass",
        "Tags");
    return read(logicalId, name, table);
  }

  static Planned.Table globalTable(String logicalId, String name, Properties table) {
    table.ignore(
        "WriteOnDemandThroughputSettings",
        "WriteProvisionedThroughputSettings",
        "WarmThroughput",
        "SSESpecification");
    List<String> regions = table.objects("Replicas", TableReader::region);
    if (regions.size() != 1) {
      table.problem("Replicas", "takes the stack's own region here, not " + regions);
    }
    return read(logicalId, name, table);
  }

  private static String region(Properties replica) {
    replica.ignore(
        "ContributorInsightsSpecification",
        "DeletionProtectionEnabled",
        "PointInTimeRecoverySpecification",
        "ReadOnDemandThroughputSettings",
        "ReadProvisionedThroughputSettings",
        "ResourcePolicy",
        "SSESpecification",
        "TableClass",
        "Tags");
    return replica.requiredText("Region");
  }

  private static Planned.Table read(String logicalId, String name, Properties table) {
    table.text("TableName");
    if (!name.matches("[a-zA-Z0-9_.-]{3,255}")) {
      table.problem("TableName", "takes 3 to 255 letters, digits, _, - and ., not " + name);
    }
    table.choice("BillingMode", "PAY_PER_REQUEST", "PROVISIONED");
    return new Planned.Table(
        logicalId,
        name,
        StandIns.streamArn(name),
        keys(table),
        table.object("StreamSpecification", TableReader::stream),
        table.object("TimeToLiveSpecification", TableReader::expiry).flatMap(expiry -> expiry));
  }

  private static List<KeyAttribute> keys(Properties table) {
    Map<String, ScalarAttributeType> types = new HashMap<>();
    table.objects(
        "AttributeDefinitions",
        attribute ->
            types.put(
                attribute.requiredText("AttributeName"),
                attribute
                    .choice("AttributeType", "S", "N", "B")
                    .map(ScalarAttributeType::fromValue)
                    .orElse(ScalarAttributeType.S)));
    List<KeyAttribute> keys = new ArrayList<>();
    for (String name : table.objects("KeySchema", element -> key(element))) {
      var type = Optional.ofNullable(types.remove(name));
      if (type.isEmpty()) {
        table.problem("KeySchema", "has " + name + ", which AttributeDefinitions does not");
      }
      keys.add(new KeyAttribute(name, type.orElse(ScalarAttributeType.S)));
    }
    if (keys.isEmpty() || keys.size() > 2) {
      table.problem("KeySchema", "takes a partition key and perhaps a sort key");
    }
    if (!types.isEmpty()) {
      table.problem("AttributeDefinitions", "has attributes of no key: " + types.keySet());
    }
    return keys;
  }

  private static String key(Properties element) {
    element.choice("KeyType", "HASH", "RANGE");
    return element.requiredText("AttributeName");
  }

  private static StreamViewType stream(Properties stream) {
    stream.ignore("ResourcePolicy");
    return stream
        .choice("StreamViewType", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY")
        .map(StreamViewType::fromValue)
        .orElse(StreamViewType.NEW_AND_OLD_IMAGES);
  }

  private static Optional<String> expiry(Properties expiry) {
    Optional<String> attribute = expiry.text("AttributeName");
    return expiry.flag("Enabled", true) ? attribute : Optional.empty();
  }
}
