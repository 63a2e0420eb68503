package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * A resource that is created here.
 *
 * @param name as the template gives it or CloudFormation would generate it; of a version, an alias
 *     or a stream's consumer the ARN. Empty if it can't be resolved
 * @param attributes what {@code Ref} and {@code Fn::GetAtt} return
 * @param properties resolved, with defaults filled in
 */
record Resource(
    String logicalId,
    String type,
    String name,
    Map<String, String> attributes,
    ObjectNode properties) {
  static final String TABLE = "AWS::DynamoDB::Table";
  static final String GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable";
  static final String STREAM = "AWS::Kinesis::Stream";
  static final String CONSUMER = "AWS::Kinesis::StreamConsumer";
  static final String QUEUE = "AWS::SQS::Queue";
  static final String FUNCTION = "AWS::Lambda::Function";
  static final String VERSION = "AWS::Lambda::Version";
  static final String ALIAS = "AWS::Lambda::Alias";
  static final String MAPPING = "AWS::Lambda::EventSourceMapping";
  static final String SCHEDULE = "AWS::Scheduler::Schedule";
  static final String DOMAIN = "AWS::OpenSearchService::Domain";

  boolean isQueueMapping() {
    return type.equals(MAPPING) && text("EventSourceArn").startsWith("arn:aws:sqs:");
  }

  /** Returns the place of its schema. */
  String definition() {
    return isQueueMapping() ? "queueMapping" : "resources/" + type;
  }

  boolean isTable() {
    return type.equals(TABLE) || type.equals(GLOBAL_TABLE);
  }

  /** Returns where a table's changes go in Kinesis; missing if they don't. */
  JsonNode kinesisDestination() {
    String of = "KinesisStreamSpecification";
    return type.equals(GLOBAL_TABLE) ? at("Replicas.0." + of) : at(of);
  }

  /** Returns the ARN by which other resources name it, of a table its stream's; empty for none. */
  String arn() {
    String attribute =
        switch (type) {
          case TABLE, GLOBAL_TABLE -> "StreamArn";
          case VERSION, ALIAS, CONSUMER -> Intrinsics.REF;
          default -> "Arn";
        };
    return attributes.getOrDefault(attribute, "");
  }

  /** Returns the value at a path such as {@code Code.S3Key}; missing if there is none. */
  JsonNode at(String path) {
    return properties.at('/' + path.replace('.', '/'));
  }

  /** Returns the text at a path; empty if there is none. */
  String text(String path) {
    return optionalText(path).orElse("");
  }

  Optional<String> optionalText(String path) {
    return Optional.of(at(path)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  int integer(String path) {
    return at(path).asInt();
  }
}
