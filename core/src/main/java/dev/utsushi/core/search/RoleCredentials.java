package dev.utsushi.core.search;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;

/**
 * The two places where Lambda puts the credentials of the function's role: the environment, and <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html">with SnapStart</a> an
 * endpoint on the machine. The SDK's default chain looks in five more, at a cost at start-up.
 */
final class RoleCredentials {
  private RoleCredentials() {}

  static AwsCredentialsProvider create() {
    return AwsCredentialsProviderChain.of(
        EnvironmentVariableCredentialsProvider.create(),
        ContainerCredentialsProvider.builder().build());
  }
}
