package dev.utsushi.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.ICluster;
import software.constructs.Construct;

/** Where workers run: a cluster of Fargate, which all replications of a stack may share. */
public final class WorkerCluster extends Construct {
  private static final int ZONES = 2;
  private static final int SUBNET_MASK = 24;

  private final Cluster cluster;
  private final FunctionNetwork network;
  private final boolean publicAddresses;

  private WorkerCluster(Construct scope, String id, FunctionNetwork network, boolean ofItsOwn) {
    super(scope, id);
    this.network = network;
    publicAddresses = ofItsOwn;
    cluster =
        Cluster.Builder.create(this, "Cluster")
            .vpc(network.vpc())
            .containerInsightsV2(ContainerInsights.DISABLED)
            .build();
    AcceptedFindings.accept(
        cluster,
        "AwsSolutions-ECS4",
        "Workers report their own metrics; Insights charges for more.");
  }

  /** Creates a cluster in a VPC that exists. Its tasks have no public addresses. */
  public static WorkerCluster in(Construct scope, String id, FunctionNetwork network) {
    return new WorkerCluster(scope, id, network, false);
  }

  /**
   * Creates a cluster and a VPC for it alone, without a NAT gateway: tasks have public addresses,
   * and nobody can connect to them.
   *
   * @param enginePort the TCP port that the engine listens on
   */
  public static WorkerCluster inOwnVpc(Construct scope, String id, int enginePort) {
    Vpc vpc =
        Vpc.Builder.create(scope, id + "Vpc")
            .maxAzs(ZONES)
            .natGateways(0)
            .subnetConfiguration(
                List.of(
                    SubnetConfiguration.builder()
                        .name("Public")
                        .subnetType(SubnetType.PUBLIC)
                        .cidrMask(SUBNET_MASK)
                        .mapPublicIpOnLaunch(false)
                        .build()))
            // It costs nothing, and the leases don't go through the internet.
            .gatewayEndpoints(
                Map.of(
                    "DynamoDb",
                    GatewayVpcEndpointOptions.builder()
                        .service(GatewayVpcEndpointAwsService.DYNAMODB)
                        .build()))
            // That would be a function which changes a group that nothing is in.
            .restrictDefaultSecurityGroup(false)
            .build();
    AcceptedFindings.accept(
        vpc, "AwsSolutions-VPC7", "Its only group lets nothing in, and out to TLS and the engine.");
    var group = FunctionNetwork.securityGroup(scope, id + "SecurityGroup", vpc, enginePort);
    var subnets = SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build();
    return new WorkerCluster(scope, id, new FunctionNetwork(vpc, subnets, List.of(group)), true);
  }

  /** Returns the cluster. */
  public ICluster getCluster() {
    return cluster;
  }

  /** Runs a service here. */
  FargateService.Builder service(Construct scope, String id) {
    return FargateService.Builder.create(scope, id)
        .cluster(cluster)
        .vpcSubnets(network.subnets())
        .securityGroups(network.securityGroups())
        .assignPublicIp(publicAddresses);
  }
}
