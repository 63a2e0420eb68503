package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import java.util.HashMap;
import java.util.Map;

/**
 * What makes the embedded servers the cloud around a function: variables that every AWS SDK reads,
 * so that code that names no endpoint reaches them and nobody else. Credentials and region are the
 * embedded runtime's own.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">Service-specific
 *     endpoints</a>
 */
final class SurroundingCloud {
  private SurroundingCloud() {}

  /** A function's own variables, and the endpoints that it does not set itself. */
  static Map<String, String> around(Map<String, String> own, LocalAws aws) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB", aws.dynamoDb().endpoint().toString(),
                "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", aws.dynamoDb().endpoint().toString(),
                "AWS_ENDPOINT_URL_SQS", aws.sqs().endpoint().toString()));
    all.putAll(own);
    return all;
  }
}
