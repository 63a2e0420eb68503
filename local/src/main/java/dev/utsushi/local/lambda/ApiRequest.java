package dev.utsushi.local.lambda;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request of Lambda's API, by its method and path. */
sealed interface ApiRequest {

  Pattern FUNCTION = Pattern.compile("/2015-03-31/functions/([^/]+)/(invocations|configuration)");
  Pattern TAGS = Pattern.compile("/2017-03-31/tags/([^/]+)");

  record ListFunctions() implements ApiRequest {}

  record Invoke(String function) implements ApiRequest {}

  record GetConfiguration(String function) implements ApiRequest {}

  record ListTags(String function) implements ApiRequest {}

  record Unknown() implements ApiRequest {}

  /**
   * Recognises a request.
   *
   * @param path still percent-escaped: an ARN has colons in it
   */
  static ApiRequest of(String method, String path) {
    Matcher function = FUNCTION.matcher(path);
    Matcher tags = TAGS.matcher(path);
    boolean get = method.equals("GET");
    if (get && path.matches("/2015-03-31/functions/?")) {
      return new ListFunctions();
    }
    if (get && tags.matches()) {
      return new ListTags(decoded(tags.group(1)));
    }
    if (function.matches() && function.group(2).equals(get ? "configuration" : "invocations")) {
      String name = decoded(function.group(1));
      return get ? new GetConfiguration(name) : new Invoke(name);
    }
    return new Unknown();
  }

  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
