package dev.utsushi.infra.stack;

import dev.utsushi.core.index.IndexNames;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * The requests that a function makes of its index, as permissions. Amazon OpenSearch Service takes
 * the request's method for the action and its path for the resource.
 *
 * @param reads whether it also reads documents
 */
record IndexAccess(IndexNames names, boolean reads) {

  /** Returns the replication's access: the engine itself compares versions. */
  static IndexAccess toWrite(String index) {
    return new IndexAccess(new IndexNames(index), false);
  }

  /** Returns the replay's access: its dry run reports the indexed versions. */
  static IndexAccess toWriteAndRead(String index) {
    return new IndexAccess(new IndexNames(index), true);
  }

  List<PolicyStatement> statements(String domainArn) {
    List<String> posts = new ArrayList<>(List.of("/" + names.writer() + "/_bulk"));
    if (reads) {
      posts.add("/" + names.writer() + "/_mget");
    }
    return List.of(
        // Look for the index, its mark and its mapping.
        statement(
            "es:ESHttpGet",
            domainArn,
            List.of(
                "/" + names.writer(),
                "/" + names.writer() + "/_mapping",
                "/" + names.first(),
                names.markerPath())),
        // Create it and its aliases; mark it; bring a new mapping.
        statement(
            "es:ESHttpPut",
            domainArn,
            List.of(
                "/" + names.first(),
                "/" + names.first() + "/_mapping",
                "/" + names.first() + "/_alias/" + names.reader(),
                "/" + names.first() + "/_alias/" + names.writer(),
                "/" + names.writer() + "/_mapping",
                names.markerPath())),
        // Write; look at documents.
        statement("es:ESHttpPost", domainArn, posts));
  }

  private static PolicyStatement statement(String action, String domainArn, List<String> paths) {
    return PolicyStatement.Builder.create()
        .actions(List.of(action))
        .resources(paths.stream().map(path -> domainArn + path).toList())
        .build();
  }
}
