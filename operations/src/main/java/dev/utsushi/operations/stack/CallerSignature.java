package dev.utsushi.operations.stack;

import dev.utsushi.core.search.Authorization;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * Signs requests to an Amazon OpenSearch domain with the operator's credentials; the function's own
 * signature knows only a role's.
 */
final class CallerSignature implements Authorization {
  private static final String SERVICE = "es";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final AwsCredentialsProvider credentials;
  private final String region;

  CallerSignature(AwsCredentialsProvider credentials, String region) {
    this.credentials = credentials;
    this.region = region;
  }

  @Override
  public Map<String, String> authorize(
      String method, URI uri, Map<String, String> headers, byte[] body) {
    var unsigned = SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(uri);
    headers.forEach(unsigned::putHeader);
    var identity = credentials.resolveCredentials();
    SdkHttpRequest signed =
        signer
            .sign(
                request ->
                    request
                        .identity(identity)
                        .request(unsigned.build())
                        .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region))
            .request();
    Map<String, String> all = new LinkedHashMap<>(headers);
    signed.forEachHeader((name, values) -> all.put(name, values.getFirst()));
    // The HTTP client sends it by itself, from the same URI.
    all.remove("Host");
    return all;
  }
}
