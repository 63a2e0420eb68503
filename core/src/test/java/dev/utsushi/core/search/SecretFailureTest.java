package dev.utsushi.core.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.utsushi.core.search.Authorization.CredentialsException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The SDK's own clients against a service that fails: what passes by itself, and what does not. */
final class SecretFailureTest {
  private static final String SECRET = "arn:aws:secretsmanager:us-east-1:1:secret:search";
  private static final URI ENGINE = URI.create("https://search.example/");
  private static final String ENDPOINT_PROPERTY = "aws.containerCredentialsFullUri";

  @ParameterizedTest
  @CsvSource({
    "500, InternalServiceError, true",
    "503, '', true",
    "502, proxy, true",
    "429, '', true",
    "400, ThrottlingException, true",
    "400, AccessDeniedException, false",
    "400, ResourceNotFoundException, false",
    "403, '', false",
    "400, '', false",
  })
  void onlyWhatPassesByItselfIsTransient(int status, String type, boolean passing) {
    String reply = type.equals("proxy") ? "<html>" : "{\"__type\":\"%s\"}".formatted(type);
    try (var service = new ScriptedEngine((_, out) -> ScriptedEngine.reply(out, status, reply))) {
      CredentialsException e = failure(service.endpoint());
      assertThat(e.isPassing()).isEqualTo(passing);
      assertThat(e).hasMessageContaining(SECRET).hasMessageNotContaining("null");
      assertThat(e)
          .hasMessageEndingWith(type.isEmpty() || type.equals("proxy") ? "status " + status : type);
    }
  }

  @Test
  void aServiceThatIsNotThereIsTransient() {
    ScriptedEngine gone = new ScriptedEngine((_, _) -> {});
    gone.close();
    assertThat(failure(gone.endpoint()).isPassing()).isTrue();
  }

  @Test
  void aConnectionThatBreaksIsTransient() {
    try (var service = new ScriptedEngine((_, _) -> {})) {
      assertThat(failure(service.endpoint()).isPassing()).isTrue();
    }
  }

  @Test
  void afterAFailureTheSecretIsReadAgain() {
    AtomicInteger calls = new AtomicInteger();
    try (var service =
        new ScriptedEngine(
            (_, out) -> {
              boolean fails = calls.getAndIncrement() == 0;
              String body = fails ? "{}" : "{\"SecretString\":\"key\"}";
              ScriptedEngine.reply(out, fails ? 403 : 200, body);
            })) {
      var secret = new SecretAuthorization(() -> "ApiKey " + read(service.endpoint()));
      assertThatThrownBy(() -> authorize(secret)).isInstanceOf(CredentialsException.class);
      assertThat(authorize(secret)).containsEntry("Authorization", "ApiKey key");
    }
  }

  @Test
  void aCredentialsEndpointThatFailsIsTransientAndAskedAgain() {
    String role =
        """
        {"AccessKeyId":"key-id","SecretAccessKey":"key","Token":"token",
         "Expiration":"2999-01-01T00:00:00Z"}
        """;
    var up = new AtomicBoolean();
    try (var endpoint =
        new ScriptedEngine(
            (_, out) -> ScriptedEngine.reply(out, up.get() ? 200 : 500, up.get() ? role : "{}"))) {
      System.setProperty(ENDPOINT_PROPERTY, endpoint.endpoint() + "/role");
      var container = ContainerCredentialsProvider.builder().build();
      boolean passing =
          SigV4Authorization.hasEndpoint(
              Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.endpoint() + "/role"));
      var signing = new SigV4Authorization(container, "us-east-1", "es", passing);
      var e = catchThrowableOfType(CredentialsException.class, () -> authorize(signing));
      assertThat(e.isPassing()).isTrue();
      up.set(true);
      assertThat(authorize(signing).get("Authorization")).contains("Credential=key-id/");
    } finally {
      System.clearProperty(ENDPOINT_PROPERTY);
    }
  }

  @Test
  void withoutKeysAndWithoutAnEndpointNothingIsToBeWaitedFor() {
    boolean passing = SigV4Authorization.hasEndpoint(Map.of("AWS_REGION", "us-east-1"));
    var none = ContainerCredentialsProvider.builder().endpoint("http://127.0.0.1:1").build();
    var signing = new SigV4Authorization(none, "us-east-1", "es", passing);
    var e = catchThrowableOfType(CredentialsException.class, () -> authorize(signing));
    assertThat(e.isPassing()).isFalse();
    assertThat(e).hasMessageContaining("neither keys nor an endpoint");
  }

  private static Map<String, String> authorize(Authorization authorization) {
    return authorization.authorize("GET", ENGINE, Map.of(), new byte[0]);
  }

  private static CredentialsException failure(URI endpoint) {
    return catchThrowableOfType(CredentialsException.class, () -> read(endpoint));
  }

  private static String read(URI endpoint) {
    System.setProperty("aws.region", "us-east-1");
    try (var http = UrlConnectionHttpClient.create();
        var client =
            SecretsManagerClient.builder()
                .httpClient(http)
                .endpointOverride(endpoint)
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("key-id", "key")))
                .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(5)))
                .build()) {
      return SecretAuthorization.read(client, SECRET);
    }
  }
}
