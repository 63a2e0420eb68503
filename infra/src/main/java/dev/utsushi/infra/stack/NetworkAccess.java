package dev.utsushi.infra.stack;

import java.util.List;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;

/** What a function in a VPC needs, to have a network interface there. */
final class NetworkAccess {
  private NetworkAccess() {}

  static void grant(Role role) {
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
    Suppressions.of(role)
        .addToChildren(
            "AwsSolutions-IAM5",
            "Lambda makes the network interfaces: their ids are not known before, and the"
                + " describing actions take no resource.",
            "Resource::*");
  }
}
