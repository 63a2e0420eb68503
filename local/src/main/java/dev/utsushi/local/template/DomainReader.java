package dev.utsushi.local.template;

/**
 * Reads search domains. The embedded engine has one node, one version and nobody to keep out, so
 * that little of it has a meaning here.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-opensearchservice-domain.html">AWS::OpenSearchService::Domain</a>
 */
final class DomainReader {
  private static final String ENGINE = "(OpenSearch_[1-9]\\.\\d+|Elasticsearch_7\\.10)";

  private DomainReader() {}

  static Planned.Domain domain(String logicalId, String name, Properties domain) {
    domain.text("DomainName");
    if (!name.matches("[a-z][a-z0-9-]{2,27}")) {
      domain.problem("DomainName", "takes 3 to 28 of a-z, 0-9 and -, not " + name);
    }
    domain
        .text("EngineVersion")
        .filter(version -> !version.matches(ENGINE))
        .ifPresent(version -> domain.problem("EngineVersion", "is of no engine here: " + version));
    domain.ignore(
        "AccessPolicies",
        "AdvancedOptions",
        "AdvancedSecurityOptions",
        "ClusterConfig",
        "DomainEndpointOptions",
        "EBSOptions",
        "EncryptionAtRestOptions",
        "IPAddressType",
        "LogPublishingOptions",
        "NodeToNodeEncryptionOptions",
        "OffPeakWindowOptions",
        "SnapshotOptions",
        "SoftwareUpdateOptions",
        "Tags",
        "VPCOptions");
    return new Planned.Domain(logicalId, name);
  }
}
