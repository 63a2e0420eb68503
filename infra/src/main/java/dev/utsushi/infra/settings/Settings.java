package dev.utsushi.infra.settings;

import java.util.List;
import java.util.Optional;

/**
 * What is to be deployed.
 *
 * @param stack the stack's name
 * @param alarmTopicArn where alarms go; empty for nowhere but the console
 */
public record Settings(
    String stack,
    SearchSettings search,
    Optional<VpcSettings> vpc,
    Optional<String> alarmTopicArn,
    int logRetentionDays,
    List<StreamSettings> streams) {

  /** A VPC that stands already, with private subnets of it. */
  public record VpcSettings(String id, List<Subnet> subnets) {
    /** A subnet and the zone that it is in. */
    public record Subnet(String id, String availabilityZone) {}
  }
}
