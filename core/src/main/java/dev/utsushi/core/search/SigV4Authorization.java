package dev.utsushi.core.search;

import static software.amazon.awssdk.core.SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Signs requests, as <a
 * href="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/request-signing.html">Amazon
 * OpenSearch Service</a> requires.
 *
 * <p>The provider is asked for credentials at each call: it knows when they expire, and after a
 * restore from a snapshot only it has the new ones.
 */
final class SigV4Authorization implements Authorization {
  static final String OPENSEARCH_SERVICE = "es";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
  private final String region;
  private final String service;
  private final boolean passing;

  /**
   * Creates an authorization.
   *
   * @param passing whether credentials that are missing now may be there later
   */
  SigV4Authorization(
      IdentityProvider<? extends AwsCredentialsIdentity> credentials,
      String region,
      String service,
      boolean passing) {
    this.credentials = credentials;
    this.region = region;
    this.service = service;
    this.passing = passing;
  }

  @Override
  public Map<String, String> authorize(
      String method, URI uri, Map<String, String> headers, byte[] body) {
    var unsigned = SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(uri);
    headers.forEach(unsigned::putHeader);
    AwsCredentialsIdentity identity = identity(credentials, passing);
    SdkHttpRequest signed =
        signer
            .sign(
                request ->
                    request
                        .identity(identity)
                        .request(unsigned.build())
                        .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region))
            .request();
    Map<String, String> all = LinkedHashMap.newLinkedHashMap(headers.size() + 4);
    signed.forEachHeader((name, values) -> all.put(name, values.getFirst()));
    // The signature covers Host, and the HTTP client takes the same one from the URI.
    all.remove("Host");
    return all;
  }

  /**
   * Returns whether the role's credentials come from an endpoint, which may fail for a while. What
   * the environment itself does not hold now, it never will.
   */
  static boolean hasEndpoint(Map<String, String> environment) {
    return Stream.of(AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
        .map(SdkSystemSetting::environmentVariable)
        .anyMatch(environment::containsKey);
  }

  /**
   * Returns the credentials.
   *
   * @param passing whether credentials that are missing now may be there later
   * @throws CredentialsException if there are none
   */
  static AwsCredentialsIdentity identity(
      IdentityProvider<? extends AwsCredentialsIdentity> credentials, boolean passing) {
    try {
      return credentials.resolveIdentity().join();
    } catch (SdkException | CompletionException e) {
      throw new CredentialsException(
          passing
              ? "The AWS credentials can't be read now."
              : "There are no AWS credentials: the environment has neither keys nor an endpoint.",
          e,
          passing);
    }
  }
}
