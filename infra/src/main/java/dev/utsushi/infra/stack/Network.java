package dev.utsushi.infra.stack;

import dev.utsushi.construct.FunctionNetwork;
import dev.utsushi.infra.settings.StackSettings.VpcSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.Subnet;
import software.amazon.awscdk.services.ec2.SubnetAttributes;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.constructs.Construct;

/**
 * The VPC of the functions and of a new domain.
 *
 * @param functionGroups the functions' security groups
 */
record Network(IVpc vpc, List<ISubnet> subnets, List<ISecurityGroup> functionGroups) {
  private static final int HTTPS = 443;

  static Network of(Construct scope, VpcSettings settings, int enginePort) {
    List<String> zones =
        settings.subnets().stream().map(VpcSettings.Subnet::availabilityZone).distinct().toList();
    IVpc vpc =
        Vpc.fromVpcAttributes(
            scope,
            "Vpc",
            VpcAttributes.builder().vpcId(settings.id()).availabilityZones(zones).build());
    List<ISubnet> subnets =
        settings.subnets().stream().map(subnet -> subnet(scope, subnet)).toList();
    return new Network(vpc, subnets, groups(scope, vpc, settings, enginePort));
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

  private static List<ISecurityGroup> groups(
      Construct scope, IVpc vpc, VpcSettings settings, int enginePort) {
    if (settings.securityGroupIds().isEmpty()) {
      SecurityGroup group =
          FunctionNetwork.securityGroup(scope, "FunctionSecurityGroup", vpc, enginePort);
      Outputs.add(scope, "FunctionSecurityGroupId", group.getSecurityGroupId());
      return List.of(group);
    }
    return settings.securityGroupIds().stream()
        .map(id -> SecurityGroup.fromSecurityGroupId(scope, id, id))
        .toList();
  }

  /** Returns where the functions run. */
  FunctionNetwork functions() {
    return new FunctionNetwork(
        vpc, SubnetSelection.builder().subnets(subnets).build(), functionGroups);
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
    functionGroups.forEach(
        group -> domain.addIngressRule(group, Port.tcp(HTTPS), "Utsushi functions"));
    Outputs.add(scope, "DomainSecurityGroupId", domain.getSecurityGroupId());
    return domain;
  }
}
