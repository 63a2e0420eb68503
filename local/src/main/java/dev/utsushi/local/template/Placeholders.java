package dev.utsushi.local.template;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Placeholders for names that only running servers give, and what replaces them in a function's
 * environment. This is the one place where {@code https://} and a domain's host become the embedded
 * engine's plain {@code http} address on loopback. Hosts end in {@code .invalid}, so that one which
 * is left over reaches nobody.
 */
final class Placeholders {
  private final Map<String, String> replacements = new LinkedHashMap<>();

  static String streamArn(String tableName) {
    return ResourceReader.arn("dynamodb", "table/" + tableName) + "/stream/label-at-start";
  }

  static String queueUrl(String queueName) {
    return "https://sqs.%s.invalid/%s/%s"
        .formatted(ResourceReader.REGION, ResourceReader.ACCOUNT, queueName);
  }

  static String domainHost(String domainName) {
    return "search-%s.%s.es.invalid".formatted(domainName, ResourceReader.REGION);
  }

  /**
   * Replaces a stream's ARN, and the table's.
   *
   * @param running empty for a table without a stream
   */
  void stream(String planned, String running) {
    if (!running.isEmpty()) {
      // The stream's first: its ARN contains the table's.
      replacements.put(planned, running);
      replacements.put(tableOf(planned), tableOf(running));
    }
  }

  private static String tableOf(String streamArn) {
    return streamArn.replaceFirst("/stream/.*$", "");
  }

  void queue(String queueName, String url) {
    replacements.put(queueUrl(queueName), url);
  }

  void domain(String domainName, URI engine) {
    searchEndpoint("https://" + domainHost(domainName), engine);
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
