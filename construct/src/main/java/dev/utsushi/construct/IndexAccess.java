package dev.utsushi.construct;

import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.IndexNames.Copy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * The requests that a function makes of its index, as permissions. Amazon OpenSearch Service takes
 * the request's method for the action and its path for the resource.
 *
 * @param use what it does beside writing
 */
public record IndexAccess(IndexNames names, Use use) {
  /** What a function does with its index. */
  enum Use {
    /** It writes. */
    WRITE,
    /** It also looks at the index for operators. */
    OPERATE,
    /** It also rebuilds the index for operators. */
    REBUILD,
    /** It also reads all documents. */
    COMPARE
  }

  /** Returns the replication's access: the engine itself compares versions. */
  static IndexAccess toWrite(String index) {
    return new IndexAccess(new IndexNames(index), Use.WRITE);
  }

  /**
   * Returns the replay's access: operators look at the index through its function.
   *
   * @param rebuilds whether they also rebuild it: that takes a request which can name any index
   */
  static IndexAccess toOperate(String index, boolean rebuilds) {
    return new IndexAccess(new IndexNames(index), rebuilds ? Use.REBUILD : Use.OPERATE);
  }

  /** Returns the access of runs: a verification compares every document. */
  static IndexAccess toCompare(String index) {
    return new IndexAccess(new IndexNames(index), Use.COMPARE);
  }

  /** Returns the permissions of readers: to search, count and get documents by the alias. */
  public static List<PolicyStatement> toSearch(String index, String domainArn) {
    String reader = '/' + new IndexNames(index).reader();
    return List.of(
        statement(
            "es:ESHttpGet",
            domainArn,
            reader + "/_search",
            reader + "/_count",
            reader + "/_mapping",
            reader + "/_doc/*"),
        statement("es:ESHttpPost", domainArn, reader + "/_search", reader + "/_count"));
  }

  /** Returns the permissions in a domain. */
  public List<PolicyStatement> statements(String domainArn) {
    // The index has another number after each rebuild, and while there are two, other aliases.
    String index = '/' + names.reader() + "-000???";
    String[] writers =
        Stream.of(Copy.values()).map(copy -> '/' + names.of(copy).writer()).toArray(String[]::new);
    String marker = names.markerPath();
    List<PolicyStatement> statements = new ArrayList<>();
    // Look for the index, its mark and its mapping.
    statements.add(
        statement("es:ESHttpGet", domainArn, paths(writers, List.of(""), index, marker)));
    // Create it and its aliases; mark it; bring a new mapping.
    statements.add(
        statement(
            "es:ESHttpPut",
            domainArn,
            paths(
                writers,
                List.of("/_mapping"),
                index,
                index + "/_mapping",
                index + "/_alias/" + names.reader(),
                index + "/_alias/" + names.writer(),
                marker)));
    statements.add(statement("es:ESHttpPost", domainArn, paths(writers, List.of("/_bulk"))));
    if (use == Use.OPERATE || use == Use.REBUILD) {
      // Report indexed versions, counts and the newest change; create an index that was deleted.
      statements.add(statement("es:ESHttpPost", domainArn, paths(writers, List.of("/_mget"))));
      statements.add(
          statement(
              "es:ESHttpGet",
              domainArn,
              paths(
                  writers,
                  List.of("/_count", "/_search"),
                  '/' + names.reader() + "/_count",
                  index + "/_count")));
      statements.add(statement("es:ESHttpDelete", domainArn, marker));
      // Resume the refreshes that pause while readers change to another index.
      statements.add(statement("es:ESHttpPut", domainArn, index + "/_settings"));
    }
    if (use == Use.REBUILD) {
      // The change of several aliases at once has no path of its own.
      statements.add(statement("es:ESHttpPost", domainArn, "/_aliases", index + "/_refresh"));
    }
    if (use == Use.COMPARE) {
      statements.add(statement("es:ESHttpGet", domainArn, '/' + names.reader()));
      statements.add(
          statement(
              "es:ESHttpPost",
              domainArn,
              paths(writers, List.of("/_mget", "/_refresh", "/_search"))));
    }
    return statements;
  }

  private static String[] paths(String[] starts, List<String> ends, String... others) {
    return Stream.concat(
            Stream.of(starts).flatMap(start -> ends.stream().map(start::concat)), Stream.of(others))
        .toArray(String[]::new);
  }

  private static PolicyStatement statement(String action, String domainArn, String... paths) {
    return PolicyStatement.Builder.create()
        .actions(List.of(action))
        .resources(Stream.of(paths).map(domainArn::concat).toList())
        .build();
  }
}
