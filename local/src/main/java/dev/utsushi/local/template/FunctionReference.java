package dev.utsushi.local.template;

/**
 * How other resources name a function: by name or ARN, with or without a version or an alias.
 *
 * @param qualifier empty for the function itself
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html">FunctionName</a>
 */
record FunctionReference(String name, String qualifier) {
  private static final String ARN_PREFIX = AwsEnvironment.arn("lambda", "function:");

  static FunctionReference parse(String text) {
    String local = text.startsWith(ARN_PREFIX) ? text.substring(ARN_PREFIX.length()) : text;
    int colon = local.indexOf(':');
    return colon < 0
        ? new FunctionReference(local, "")
        : new FunctionReference(local.substring(0, colon), local.substring(colon + 1));
  }

  String arn() {
    return ARN_PREFIX + name + (qualifier.isEmpty() ? "" : ':' + qualifier);
  }

  FunctionReference qualified(String by) {
    return new FunctionReference(name, by);
  }
}
