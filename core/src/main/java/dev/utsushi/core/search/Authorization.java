package dev.utsushi.core.search;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;

/** Proves to the engine who sends a request. */
public interface Authorization {

  /** No authorization: an engine on a closed network. */
  Authorization NONE = (_, _, headers, _) -> headers;

  /**
   * Signs with the function's role, as Amazon OpenSearch Service requires.
   *
   * <p>Lambda provides the role's credentials in two places: the environment, and <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html">with SnapStart</a>
   * an endpoint on the machine. The SDK's default chain looks in five more, which costs start-up
   * time.
   */
  static Authorization sigV4(String region) {
    return sigV4(region, SigV4Authorization.OPENSEARCH_SERVICE);
  }

  /**
   * Signs with the function's role for another service of AWS.
   *
   * @param service the name that the service has in signatures, like {@code logs}
   */
  static Authorization sigV4(String region, String service) {
    var credentials =
        AwsCredentialsProviderChain.of(
            EnvironmentVariableCredentialsProvider.create(),
            ContainerCredentialsProvider.builder().build());
    return new SigV4Authorization(
        credentials, region, service, SigV4Authorization.hasEndpoint(System.getenv()));
  }

  /** Signs with these credentials. If they are missing, they may be there later. */
  static Authorization sigV4(AwsCredentialsProvider credentials, String region) {
    return sigV4(credentials, region, SigV4Authorization.OPENSEARCH_SERVICE);
  }

  /** Signs with these credentials for another service of AWS. */
  static Authorization sigV4(AwsCredentialsProvider credentials, String region, String service) {
    return new SigV4Authorization(credentials, region, service, true);
  }

  /** Sends the user name and password from a secret. */
  static Authorization basic(String secretArn) {
    return SecretAuthorization.basic(secretArn);
  }

  /** Sends the Elasticsearch API key from a secret. */
  static Authorization apiKey(String secretArn) {
    return SecretAuthorization.apiKey(secretArn);
  }

  /**
   * Returns the headers of the call, the given ones included.
   *
   * @throws CredentialsException if there are no credentials
   */
  Map<String, String> authorize(String method, URI uri, Map<String, String> headers, byte[] body);

  /**
   * Renews the credentials, which the engine did not accept, where that may help.
   *
   * @return whether a retry may succeed
   */
  default boolean renew() {
    return false;
  }

  /** There are no credentials; the message says which and what to change, never what they are. */
  final class CredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    /** Keeps the provider's own error, which names the missing permission or secret. */
    public CredentialsException(String message, @Nullable Throwable cause) {
      this(message, cause, false);
    }

    /**
     * Creates an exception.
     *
     * @param passing whether the same request may succeed later
     */
    public CredentialsException(String message, @Nullable Throwable cause, boolean passing) {
      super(message, cause);
      this.passing = passing;
    }

    /** Returns whether the same request may succeed later. */
    public boolean isPassing() {
      return passing;
    }
  }
}
