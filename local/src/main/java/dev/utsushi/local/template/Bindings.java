package dev.utsushi.local.template;

import dev.utsushi.local.lambda.LogLine;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The values that a deployment would be given, and the things that exist before it. Start from
 * {@link #none()}.
 *
 * @param parameters the values of template parameters, by name
 * @param code the class path of functions, by logical id, in place of their assets
 * @param tables the keys of tables that the template imports by stream ARN; each is created, empty,
 *     under the name in its ARN
 * @param searchEndpoints URLs in functions' environments that become the embedded engine's
 * @param enforcesPermissions whether a request is denied if the template's policies do not allow
 *     it; this needs Node.js
 * @param log receives each line that a function writes, on a thread per environment
 */
@RecordBuilder
public record Bindings(
    Map<String, String> parameters,
    Map<String, List<Path>> code,
    Map<String, List<KeyAttribute>> tables,
    Set<String> searchEndpoints,
    boolean enforcesPermissions,
    Consumer<LogLine> log)
    implements BindingsBuilder.With {

  /** An attribute of a table's primary key. */
  public record KeyAttribute(String name, ScalarAttributeType type) {}

  public Bindings {
    parameters = Map.copyOf(parameters);
    code = Map.copyOf(code);
    tables = Map.copyOf(tables);
    searchEndpoints = Set.copyOf(searchEndpoints);
  }

  /** Returns bindings without any value; logs are dropped. */
  public static Bindings none() {
    return new Bindings(Map.of(), Map.of(), Map.of(), Set.of(), false, line -> {});
  }

  public Bindings withParameter(String name, String value) {
    return withParameters(with(parameters, name, value));
  }

  /** Runs a function from this class path instead of its asset. */
  public Bindings withCode(String functionLogicalId, List<Path> classPath) {
    return withCode(with(code, functionLogicalId, List.copyOf(classPath)));
  }

  /**
   * Creates a table for one that the template imports.
   *
   * @param streamArn as the template has it
   * @param keys the partition key, then the sort key if there is one
   */
  public Bindings withTable(String streamArn, List<KeyAttribute> keys) {
    return withTables(with(tables, streamArn, List.copyOf(keys)));
  }

  /** Replaces a search engine that the template does not create; credentials are ignored. */
  public Bindings withSearchEndpoint(String url) {
    var all = new HashSet<>(searchEndpoints);
    all.add(url);
    return withSearchEndpoints(all);
  }

  /** Returns the name of an imported table. */
  static String tableName(String streamArn) {
    return streamArn.replaceFirst("^.*:table/", "").replaceFirst("/stream/.*$", "");
  }

  private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    var all = new HashMap<>(map);
    all.put(key, value);
    return all;
  }
}
