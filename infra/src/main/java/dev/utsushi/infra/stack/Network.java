package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StackSettings.VpcSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.Subnet;
import software.amazon.awscdk.services.ec2.SubnetAttributes;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Function;
import software.constructs.Construct;

/**
 * The VPC of the functions and of a new domain.
 *
 * @param functions the security group of the functions
 */
record Network(IVpc vpc, List<ISubnet> subnets, SecurityGroup functions) {
  private static final int HTTPS = 443;

  static Network of(Construct scope, VpcSettings settings) {
    List<String> zones =
        settings.subnets().stream().map(VpcSettings.Subnet::availabilityZone).distinct().toList();
    IVpc vpc =
        Vpc.fromVpcAttributes(
            scope,
            "Vpc",
            VpcAttributes.builder().vpcId(settings.id()).availabilityZones(zones).build());
    List<ISubnet> subnets =
        settings.subnets().stream().map(subnet -> subnet(scope, subnet)).toList();
    SecurityGroup functions =
        SecurityGroup.Builder.create(scope, "FunctionSecurityGroup")
            .vpc(vpc)
            .description("Utsushi functions")
            .allowAllOutbound(false)
            .build();
    return new Network(vpc, subnets, functions);
  }

  private static ISubnet subnet(Construct scope, VpcSettings.Subnet subnet) {
    ISubnet imported =
        Subnet.fromSubnetAttributes(
            scope,
            subnet.id(),
            SubnetAttributes.builder()
                .subnetId(subnet.id())
                .availabilityZone(subnet.availabilityZone())
                .build());
    Annotations.of(imported)
        .acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId", "No route is added here.");
    return imported;
  }

  /** Lets functions reach the engine and AWS's own endpoints, by TLS and nothing else. */
  void allowOutbound(int enginePort) {
    functions.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), "AWS endpoints and the engine");
    if (enginePort != HTTPS) {
      functions.addEgressRule(Peer.anyIpv4(), Port.tcp(enginePort), "The engine");
    }
  }

  /** Runs a function in the VPC, and allows its role the network interfaces that this takes. */
  void join(Function.Builder function, Role role) {
    function
        .vpc(vpc)
        .vpcSubnets(SubnetSelection.builder().subnets(subnets).build())
        .securityGroups(List.of(functions));
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "ec2:CreateNetworkInterface",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSubnets",
                    "ec2:DeleteNetworkInterface",
                    "ec2:AssignPrivateIpAddresses",
                    "ec2:UnassignPrivateIpAddresses"))
            .resources(List.of("*"))
            .build());
    AcceptedFindings.accept(
        role,
        "AwsSolutions-IAM5",
        "Lambda creates the network interfaces: their IDs are not known in advance, and the"
            + " describe actions take no resource.",
        "Resource::*");
  }

  /** Returns the first subnet of each of the first zones: a domain takes exactly one a zone. */
  SubnetSelection domainSubnets(int zones) {
    Map<String, ISubnet> byZone = new LinkedHashMap<>();
    subnets.forEach(subnet -> byZone.putIfAbsent(subnet.getAvailabilityZone(), subnet));
    return SubnetSelection.builder()
        .subnets(byZone.values().stream().limit(zones).toList())
        .build();
  }

  /** Creates a security group for the domain that only the functions can reach. */
  SecurityGroup domainGroup(Construct scope) {
    SecurityGroup domain =
        SecurityGroup.Builder.create(scope, "DomainSecurityGroup")
            .vpc(vpc)
            .description("Utsushi domain")
            .allowAllOutbound(false)
            .build();
    domain.addIngressRule(functions, Port.tcp(HTTPS), "Utsushi functions");
    return domain;
  }
}
