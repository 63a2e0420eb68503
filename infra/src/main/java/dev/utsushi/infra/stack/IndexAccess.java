package dev.utsushi.infra.stack;

import dev.utsushi.core.index.IndexNames;
import java.util.List;
import java.util.stream.Stream;
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
    String writer = '/' + names.writer();
    String first = '/' + names.first();
    String marker = names.markerPath();
    return List.of(
        // Look for the index, its mark and its mapping.
        statement("es:ESHttpGet", domainArn, writer, writer + "/_mapping", first, marker),
        // Create it and its aliases; mark it; bring a new mapping.
        statement(
            "es:ESHttpPut",
            domainArn,
            first,
            first + "/_mapping",
            first + "/_alias/" + names.reader(),
            first + "/_alias/" + names.writer(),
            writer + "/_mapping",
            marker),
        reads
            ? statement("es:ESHttpPost", domainArn, writer + "/_bulk", writer + "/_mget")
            : statement("es:ESHttpPost", domainArn, writer + "/_bulk"));
  }

  private static PolicyStatement statement(String action, String domainArn, String... paths) {
    return PolicyStatement.Builder.create()
        .actions(List.of(action))
        .resources(Stream.of(paths).map(domainArn::concat).toList())
        .build();
  }
}
