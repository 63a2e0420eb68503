package dev.utsushi.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select region and credentials. */
final class AccountOptions {
  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "AWS region, if not the default one")
  @Nullable String region;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "AWS profile, if not the default one")
  @Nullable String profile;

  boolean isGiven() {
    return region != null || profile != null;
  }
}
