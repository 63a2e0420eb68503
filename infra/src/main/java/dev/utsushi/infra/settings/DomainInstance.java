package dev.utsushi.infra.settings;

import java.util.Optional;

/**
 * What an instance type of a domain can't do that the stack asks of it: gp3 volumes, and encryption
 * at rest. A type that is not known here is left to AWS.
 *
 * @param type like {@code r8g.large.search}
 */
record DomainInstance(String type) {

  /** Returns what is wrong with the type, to follow its key. */
  Optional<String> problem() {
    String lack = lack();
    return lack.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "must have encrypted gp3 volumes: %s has no %s; take one of r8g, m8g, c8g or t3"
                .formatted(type, lack));
  }

  private String lack() {
    return switch (type.replaceFirst("\\..*", "")) {
      case "i3",
          "i3en",
          "i4g",
          "i4i",
          "i8g",
          "im4gn",
          "oi2",
          "r6gd",
          "r7gd",
          "r8gd",
          "ultrawarm1" ->
          "EBS volumes";
      case "m3", "r3", "t2" -> "encryption at rest";
      case "c4", "i2", "m4", "r4" -> "gp3 volumes";
      default -> "";
    };
  }

  /** Returns the most GiB of a gp3 volume, where it is known to be below what the schema allows. */
  int largestVolume() {
    return switch (type) {
      case "t3.small.search" -> 100;
      case "t3.medium.search" -> 200;
      case "c5.large.search", "c6g.large.search" -> 256;
      case "c5.xlarge.search", "c6g.xlarge.search" -> 512;
      case "c5.2xlarge.search", "c6g.2xlarge.search", "m5.large.search", "m6g.large.search" ->
          1_024;
      case "c5.4xlarge.search", "c6g.4xlarge.search" -> 1_536;
      case "m5.xlarge.search", "m6g.xlarge.search", "r5.large.search", "r6g.large.search" -> 2_048;
      default -> Integer.MAX_VALUE;
    };
  }
}
