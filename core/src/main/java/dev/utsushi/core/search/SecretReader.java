package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** Makes {@code Authorization} headers of secrets in AWS Secrets Manager. */
final class SecretReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final String secretArn;

  SecretReader(String secretArn) {
    this.secretArn = secretArn;
  }

  /** The secret is {@code {"username": …, "password": …}}. */
  String basicHeader() {
    Map<String, String> secret = fields(read());
    String user = field(secret, "username") + ':' + field(secret, "password");
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
  }

  /** The secret is {@code {"apiKey": …}}, or the encoded key and nothing else. */
  String apiKeyHeader() {
    String secret = read().strip();
    return "ApiKey " + (secret.startsWith("{") ? field(fields(secret), "apiKey") : secret);
  }

  /** A client for this one call: the next is needed when the secret was rotated, days later. */
  private String read() {
    try (var http = UrlConnectionHttpClient.create();
        var client = SecretsManagerClient.builder().httpClient(http).build()) {
      return client.getSecretValue(request -> request.secretId(secretArn)).secretString();
    } catch (SecretsManagerException e) {
      throw new CredentialsException(
          "can't read the secret " + secretArn + ": " + e.awsErrorDetails().errorCode(), e);
    } catch (SdkException e) {
      throw new CredentialsException("can't reach AWS Secrets Manager for " + secretArn, e);
    }
  }

  private String field(Map<String, String> secret, String name) {
    String value = secret.get(name);
    if (value == null) {
      throw new CredentialsException("the secret " + secretArn + " has no '" + name + "'", null);
    }
    return value;
  }

  private Map<String, String> fields(String secret) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(secret)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          fields.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
      return fields;
    } catch (IOException e) {
      // Not the exception itself: its message quotes the secret.
      throw new CredentialsException("the secret " + secretArn + " is not a JSON object", null);
    }
  }
}
