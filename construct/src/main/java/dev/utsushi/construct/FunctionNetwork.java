package dev.utsushi.construct;

import java.util.List;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Function;
import software.constructs.Construct;

/**
 * Where the functions run that talk to the engine.
 *
 * @param subnets private subnets; docs/deploy.md says what they must reach
 * @param securityGroups the functions' groups, one at least
 */
public record FunctionNetwork(
    IVpc vpc, SubnetSelection subnets, List<ISecurityGroup> securityGroups) {
  private static final int HTTPS = 443;

  /**
   * Creates a security group for functions: by TLS to the engine and AWS's own endpoints, and
   * nowhere else.
   *
   * @param enginePort the TCP port that the engine listens on
   */
  public static SecurityGroup securityGroup(Construct scope, String id, IVpc vpc, int enginePort) {
    SecurityGroup group =
        SecurityGroup.Builder.create(scope, id)
            .vpc(vpc)
            .description("Utsushi functions")
            .allowAllOutbound(false)
            .build();
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), "AWS endpoints and the engine");
    if (enginePort != HTTPS) {
      group.addEgressRule(Peer.anyIpv4(), Port.tcp(enginePort), "The engine");
    }
    return group;
  }

  /** Runs a function in the VPC, and allows its role the network interfaces that this takes. */
  void join(Function.Builder function, Role role) {
    function.vpc(vpc).vpcSubnets(subnets).securityGroups(securityGroups);
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
}
