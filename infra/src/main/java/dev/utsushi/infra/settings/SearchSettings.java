package dev.utsushi.infra.settings;

import dev.utsushi.core.settings.SearchAuth;

/** Where the indexes live. */
public sealed interface SearchSettings {

  /**
   * A new Amazon OpenSearch Service domain.
   *
   * @param name the domain's
   * @param zones over how many availability zones the data nodes are spread
   * @param dedicatedMasters none or three
   */
  record NewDomain(
      String name,
      String engineVersion,
      String instanceType,
      int dataNodes,
      int zones,
      int volumeGib,
      int dedicatedMasters)
      implements SearchSettings {}

  /** A domain that stands already. */
  record ExistingDomain(String arn, String endpoint) implements SearchSettings {}

  /** Any Elasticsearch or OpenSearch, with a secret. */
  record Endpoint(String url, SearchAuth auth, String secretArn) implements SearchSettings {}
}
