package dev.utsushi.local.template;

import java.util.Map;
import java.util.Optional;

/**
 * The account and region that the embedded AWS stands for, as pseudo parameters have them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html">Pseudo
 *     parameters</a>
 */
final class AwsEnvironment {
  static final String REGION = "us-east-1";
  static final String ACCOUNT = "000000000000";

  private static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of(
          "AWS::Region",
          REGION,
          "AWS::AccountId",
          ACCOUNT,
          "AWS::Partition",
          "aws",
          "AWS::URLSuffix",
          "amazonaws.com");

  private AwsEnvironment() {}

  /** Of those that do not depend on the stack. */
  static Optional<String> pseudoParameter(String name) {
    return Optional.ofNullable(PSEUDO_PARAMETERS.get(name));
  }

  /** For the assets' manifest, which has placeholders of its own. */
  static String fillIn(String text) {
    String filled = text;
    for (var parameter : PSEUDO_PARAMETERS.entrySet()) {
      filled = filled.replace("${" + parameter.getKey() + "}", parameter.getValue());
    }
    return filled;
  }

  static String arn(String service, String resource) {
    return "arn:aws:%s:%s:%s:%s".formatted(service, REGION, ACCOUNT, resource);
  }
}
