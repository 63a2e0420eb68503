package dev.utsushi.local.template;

/**
 * Reads what names a function's code: versions and aliases.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html">AWS::Lambda::Alias</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html">AWS::Lambda::Version</a>
 */
final class QualifierReader {
  private QualifierReader() {}

  static Planned.Version version(
      String logicalId, FunctionReference reference, Properties version) {
    version.requiredText("FunctionName");
    version.ignore("Description", "CodeSha256");
    version.refuse("ProvisionedConcurrencyConfig", "the embedded runtime provisions nothing");
    version.refuse("RuntimePolicy", "the embedded runtime has one version");
    return new Planned.Version(logicalId, reference);
  }

  static Planned.Alias alias(String logicalId, FunctionReference reference, Properties alias) {
    alias.requiredText("FunctionName");
    alias.requiredText("Name");
    alias.ignore("Description");
    alias.refuse("ProvisionedConcurrencyConfig", "the embedded runtime provisions nothing");
    alias.refuse("RoutingConfig", "the embedded runtime has one version");
    return new Planned.Alias(logicalId, reference, alias.requiredText("FunctionVersion"));
  }
}
