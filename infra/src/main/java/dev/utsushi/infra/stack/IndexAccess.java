package dev.utsushi.infra.stack;

import dev.utsushi.index.IndexNames;
import java.util.List;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * The requests that a function makes of its index, as permissions. Amazon OpenSearch Service takes
 * the request's method for the action and its path for the resource.
 */
final class IndexAccess {
  private IndexAccess() {}

  static List<PolicyStatement> statements(String domainArn, IndexNames names) {
    return List.of(
        // Look for the index.
        statement("es:ESHttpGet", domainArn, "/" + names.writer()),
        // Create it; bring a new mapping.
        statement(
            "es:ESHttpPut",
            domainArn,
            "/" + names.first(),
            "/" + names.first() + "/_mapping",
            "/" + names.writer() + "/_mapping"),
        // Add the aliases; write.
        statement("es:ESHttpPost", domainArn, "/_aliases", "/" + names.writer() + "/_bulk"));
  }

  private static PolicyStatement statement(String action, String domainArn, String... paths) {
    return PolicyStatement.Builder.create()
        .actions(List.of(action))
        .resources(List.of(paths).stream().map(path -> domainArn + path).toList())
        .build();
  }
}
