package dev.utsushi.local.template;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The types of resources that a template may have here. */
enum ResourceType {
  TABLE("AWS::DynamoDB::Table"),
  GLOBAL_TABLE("AWS::DynamoDB::GlobalTable"),
  QUEUE("AWS::SQS::Queue"),
  FUNCTION("AWS::Lambda::Function"),
  VERSION("AWS::Lambda::Version"),
  ALIAS("AWS::Lambda::Alias"),
  EVENT_SOURCE_MAPPING("AWS::Lambda::EventSourceMapping"),
  DOMAIN("AWS::OpenSearchService::Domain"),
  /** Known, and without a meaning on the embedded AWS: nothing is done about it. */
  WITHOUT_MEANING("");

  /** Who may do what, who is told, what is drawn, what network it is: nothing of it exists here. */
  private static final Set<String> NAMES_WITHOUT_MEANING =
      Set.of(
          "AWS::CDK::Metadata",
          "AWS::CloudWatch::Alarm",
          "AWS::CloudWatch::CompositeAlarm",
          "AWS::CloudWatch::Dashboard",
          "AWS::EC2::EIP",
          "AWS::EC2::FlowLog",
          "AWS::EC2::InternetGateway",
          "AWS::EC2::NatGateway",
          "AWS::EC2::Route",
          "AWS::EC2::RouteTable",
          "AWS::EC2::SecurityGroup",
          "AWS::EC2::SecurityGroupEgress",
          "AWS::EC2::SecurityGroupIngress",
          "AWS::EC2::Subnet",
          "AWS::EC2::SubnetRouteTableAssociation",
          "AWS::EC2::VPC",
          "AWS::EC2::VPCEndpoint",
          "AWS::EC2::VPCGatewayAttachment",
          "AWS::IAM::ManagedPolicy",
          "AWS::IAM::Policy",
          "AWS::IAM::Role",
          "AWS::IAM::ServiceLinkedRole",
          "AWS::KMS::Alias",
          "AWS::KMS::Key",
          "AWS::Lambda::Permission",
          "AWS::Logs::LogGroup",
          "AWS::Logs::MetricFilter",
          "AWS::Logs::ResourcePolicy",
          "AWS::SecretsManager::Secret",
          "AWS::SNS::Subscription",
          "AWS::SNS::Topic",
          "AWS::SNS::TopicPolicy",
          "AWS::SQS::QueuePolicy",
          "AWS::SSM::Parameter",
          "Custom::CloudwatchLogResourcePolicy",
          "Custom::LogRetention",
          "Custom::OpenSearchAccessPolicy",
          "Custom::VpcRestrictDefaultSG");

  private final String typeName;

  ResourceType(String typeName) {
    this.typeName = typeName;
  }

  static Optional<ResourceType> named(String typeName) {
    if (NAMES_WITHOUT_MEANING.contains(typeName)) {
      return Optional.of(WITHOUT_MEANING);
    }
    return Arrays.stream(values())
        .filter(type -> !type.typeName.isEmpty() && type.typeName.equals(typeName))
        .findFirst();
  }
}
