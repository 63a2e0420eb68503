package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Sends an {@code Authorization} header made from a secret in AWS Secrets Manager.
 *
 * <p>The secret is read when it is first needed, not at start-up, so that no snapshot contains it;
 * and again when the engine rejects it, because it may have been rotated.
 */
final class SecretAuthorization implements Authorization {
  private static final Duration LONGEST_READ = Duration.ofSeconds(5);

  private final Supplier<String> readHeader;
  private @Nullable String header;

  /**
   * Creates an authorization.
   *
   * @param readHeader reads the secret and makes the header's value of it
   */
  SecretAuthorization(Supplier<String> readHeader) {
    this.readHeader = readHeader;
  }

  /** The secret is {@code {"username": …, "password": …}}. */
  static SecretAuthorization basic(String secretArn) {
    return new SecretAuthorization(
        () -> {
          String secret = read(secretArn);
          String user =
              field(secret, "username", secretArn) + ':' + field(secret, "password", secretArn);
          return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
        });
  }

  /** The secret is {@code {"apiKey": …}}, or the encoded key alone. */
  static SecretAuthorization apiKey(String secretArn) {
    return new SecretAuthorization(
        () -> {
          String secret = read(secretArn).strip();
          return "ApiKey "
              + (secret.startsWith("{")
                  ? field(secret, "apiKey", secretArn)
                  : printable(secret, secretArn));
        });
  }

  /** Uses a client for one call only: the next call may come days later, after a rotation. */
  private static String read(String secretArn) {
    try (var http = UrlConnectionHttpClient.create();
        var credentials = DefaultCredentialsProvider.builder().build();
        var client =
            SecretsManagerClient.builder()
                .httpClient(http)
                .credentialsProvider(credentials)
                .overrideConfiguration(override -> override.apiCallTimeout(LONGEST_READ))
                .build()) {
      SigV4Authorization.identity(credentials, SigV4Authorization.hasEndpoint(System.getenv()));
      return read(client, secretArn);
    }
  }

  /** Reads the secret with a client that has credentials. */
  static String read(SecretsManagerClient client, String secretArn) {
    try {
      return client.getSecretValue(request -> request.secretId(secretArn)).secretString();
    } catch (AwsServiceException e) {
      boolean passing = e.isThrottlingException() || e.statusCode() >= 500;
      throw new CredentialsException(
          "cannot read the secret " + secretArn + ": " + cause(e), e, passing);
    } catch (SdkException e) {
      throw new CredentialsException("cannot reach AWS Secrets Manager for " + secretArn, e, true);
    }
  }

  /** A proxy's reply has no error code. */
  private static String cause(AwsServiceException e) {
    var details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null || code.isEmpty() ? "status " + e.statusCode() : code;
  }

  /** A control character cannot be in a header, and exceptions about headers quote them. */
  private static String printable(String value, String secretArn) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new CredentialsException(
          "the secret " + secretArn + " holds a line break or another control character", null);
    }
    return value;
  }

  private static String field(String secret, String name, String secretArn) {
    try (JsonParser parser = new JsonFactory().createParser(secret)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String value = parser.nextTextValue();
        if (value != null && parser.currentName().equals(name)) {
          return printable(value, secretArn);
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      // Not the exception itself: its message quotes the secret.
      throw new CredentialsException("the secret " + secretArn + " is not a JSON object", null);
    }
    throw new CredentialsException("the secret " + secretArn + " has no '" + name + "'", null);
  }

  @Override
  public synchronized Map<String, String> authorize(
      String method, URI uri, Map<String, String> headers, byte[] body) {
    String value = header;
    if (value == null) {
      value = readHeader.get();
      header = value;
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Authorization", value);
    return all;
  }

  @Override
  public synchronized boolean renew() {
    header = null;
    return true;
  }
}
