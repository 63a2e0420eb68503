package dev.utsushi.core.search;

import java.net.URI;
import java.util.Map;

/** Who we are to the engine. */
public interface Authorization {

  /** No authorization: an engine on a closed network. */
  Authorization NONE = (_, _, headers, _) -> headers;

  /** With the function's role, as Amazon OpenSearch Service asks. */
  static Authorization sigV4(String region) {
    return new SigV4Authorization(RoleCredentials.create(), region);
  }

  /** With the user name and password in a secret. */
  static Authorization basic(String secretArn) {
    return new SecretAuthorization(new SecretReader(secretArn)::basicHeader);
  }

  /** With the Elasticsearch API key in a secret. */
  static Authorization apiKey(String secretArn) {
    return new SecretAuthorization(new SecretReader(secretArn)::apiKeyHeader);
  }

  /**
   * The headers that the call is to have, the given ones among them.
   *
   * @throws CredentialsException if there are no credentials to be had
   */
  Map<String, String> authorize(String method, URI uri, Map<String, String> headers, byte[] body);

  /**
   * The engine did not accept the credentials: gets them anew where that may help.
   *
   * @return whether it is worth another try
   */
  default boolean renew() {
    return false;
  }
}
