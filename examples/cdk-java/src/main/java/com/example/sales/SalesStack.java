package com.example.sales;

import dev.utsushi.construct.FunctionNetwork;
import dev.utsushi.construct.Replication;
import dev.utsushi.construct.ReplicationAlarm;
import dev.utsushi.construct.ReplicationDashboard;
import dev.utsushi.construct.ReplicationProps;
import dev.utsushi.construct.SearchTarget;
import java.util.List;
import java.util.Objects;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.dynamodb.TableAttributesV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.lambda.CfnFunction;
import software.amazon.awscdk.services.opensearchservice.Domain;
import software.amazon.awscdk.services.opensearchservice.DomainAttributes;
import software.amazon.awscdk.services.opensearchservice.IDomain;
import software.constructs.Construct;

/**
 * A sales tool's stack: its table, domain and network exist, the key and the replication are new.
 */
final class SalesStack extends Stack {
  static final String STREAM_ARN =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-11-01T00:00:00.000";
  static final String ENDPOINT = "vpc-search-abc.eu-central-1.es.amazonaws.com";

  private static final int HTTPS = 443;

  SalesStack(Construct scope, String id, StackProps props) {
    super(scope, id, props);
    Key key =
        Key.Builder.create(this, "Key")
            .description("Sales: queues and logs")
            .enableKeyRotation(true)
            .build();

    Replication deals =
        new Replication(
            this,
            "Deals",
            ReplicationProps.of("deals", table(), "dealId", SearchTarget.domain(domain()))
                .sortKey("actionKey")
                .mapping("{\"properties\": {\"memo\": {\"type\": \"text\"}}}")
                .parallelizationFactor(3)
                .network(network())
                .encryptionKey(key)
                .alarmThreshold(ReplicationAlarm.ITERATOR_AGE, 30_000)
                .withoutAlarm(ReplicationAlarm.DURATION));
    new ReplicationDashboard(this, "Dashboard", "sales", List.of(deals));

    pinRuntime(deals);
    CfnOutput.Builder.create(this, "DealsReplayFunction")
        .value(deals.getReplayFunction().getFunctionName())
        .build();
  }

  private ITable table() {
    return TableV2.fromTableAttributes(
        this,
        "Table",
        TableAttributesV2.builder()
            .tableArn(STREAM_ARN.substring(0, STREAM_ARN.indexOf("/stream/")))
            .tableStreamArn(STREAM_ARN)
            .encryptionKey(
                Key.fromKeyArn(this, "TableKey", "arn:aws:kms:eu-central-1:123456789012:key/table"))
            .build());
  }

  private IDomain domain() {
    return Domain.fromDomainAttributes(
        this,
        "Domain",
        DomainAttributes.builder()
            .domainArn("arn:aws:es:eu-central-1:123456789012:domain/search")
            .domainEndpoint(ENDPOINT)
            .build());
  }

  private FunctionNetwork network() {
    IVpc vpc =
        Vpc.fromVpcAttributes(
            this,
            "Vpc",
            VpcAttributes.builder()
                .vpcId("vpc-0123456789abcdef0")
                .availabilityZones(List.of("eu-central-1a", "eu-central-1b"))
                .privateSubnetIds(List.of("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"))
                .privateSubnetRouteTableIds(
                    List.of("rtb-0123456789abcdef0", "rtb-0123456789abcdef1"))
                .build());
    ISecurityGroup group = FunctionNetwork.securityGroup(this, "Functions", vpc, HTTPS);
    SubnetSelection subnets =
        SubnetSelection.builder().subnetType(SubnetType.PRIVATE_WITH_EGRESS).build();
    return new FunctionNetwork(vpc, subnets, List.of(group));
  }

  /** Whatever has no option is a property of the resource: Lambda updates no runtime by itself. */
  private static void pinRuntime(Replication deals) {
    var function =
        (CfnFunction)
            Objects.requireNonNull(
                deals.getReplicationFunction().getNode().getDefaultChild(), "function");
    function.addPropertyOverride("RuntimeManagementConfig.UpdateRuntimeOn", "FunctionUpdate");
  }
}
