package dev.utsushi.local.template;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands in for names that only running servers give, and what it is replaced by in a
 * function's environment. This is the one place where {@code https://} and a domain's host become
 * the embedded engine's plain {@code http} address on loopback. Hosts end in {@code .invalid}, so
 * that one which is left over never reaches anybody.
 */
final class StandIns {
  private final Map<String, String> replacements = new LinkedHashMap<>();

  static String tableArn(String tableName) {
    return AwsEnvironment.arn("dynamodb", "table/" + tableName);
  }

  static String streamArn(String tableName) {
    return tableArn(tableName) + "/stream/label-at-start";
  }

  static String queueUrl(String queueName) {
    return "https://sqs.%s.invalid/%s/%s"
        .formatted(AwsEnvironment.REGION, AwsEnvironment.ACCOUNT, queueName);
  }

  static String domainHost(String domainName) {
    return "search-%s.%s.es.invalid".formatted(domainName, AwsEnvironment.REGION);
  }

  /** The stream's first: its ARN has the table's in it. */
  void table(String plannedStreamArn, String runningStreamArn) {
    replacements.put(plannedStreamArn, runningStreamArn);
    replacements.put(tableOf(plannedStreamArn), tableOf(runningStreamArn));
  }

  private static String tableOf(String streamArn) {
    return streamArn.replaceFirst("/stream/.*$", "");
  }

  void queue(String queueName, String running) {
    replacements.put(queueUrl(queueName), running);
  }

  void domain(String domainName, URI engine) {
    replacements.put("https://" + domainHost(domainName), engine.toString());
  }

  void searchEndpoint(String url, URI engine) {
    replacements.put(url, engine.toString());
  }

  /** The value as the function gets it. */
  String fillIn(String value) {
    String filled = value;
    for (var replacement : replacements.entrySet()) {
      filled = filled.replace(replacement.getKey(), replacement.getValue());
    }
    return filled;
  }
}
