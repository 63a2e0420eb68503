package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.index.Engines;
import dev.utsushi.core.search.Authorization.CredentialsException;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Each kind of authorization against an engine that requires it. */
final class AuthorizationIT {
  private static final byte[] NO_BODY = {};

  @Test
  void signsAsAwsChecks() throws IOException {
    SigV4 check = new SigV4("secret-key");
    try (var engine = new GuardedEngine(Engines.openSearch().endpoint(), check::isValid)) {
      assertThat(status(engine, sigV4("secret-key"), "GET", "/", NO_BODY)).isEqualTo(200);
      byte[] bulk = "{\"index\":{\"_id\":\"%7C|日本\"}}\n{\"a\":1}\n".getBytes(UTF_8);
      assertThat(status(engine, sigV4("secret-key"), "POST", "/signed/_bulk", bulk)).isEqualTo(200);
      assertThat(status(engine, sigV4("wrong-key"), "GET", "/", NO_BODY)).isEqualTo(401);
      assertThat(status(engine, Authorization.NONE, "GET", "/", NO_BODY)).isEqualTo(401);
    }
  }

  @Test
  void sendsTheSecretAndReadsItAgainWhenItWasRotated() throws IOException {
    AtomicReference<String> stored = new AtomicReference<>("old");
    AtomicReference<String> valid = new AtomicReference<>("old");
    var secret =
        new SecretAuthorization(
            () -> "Basic " + Base64.getEncoder().encodeToString(stored.get().getBytes(UTF_8)));
    GuardedEngine.Guard guard =
        (_, _, headers, _) ->
            ("Basic " + Base64.getEncoder().encodeToString(valid.get().getBytes(UTF_8)))
                .equals(headers.getFirst("Authorization"));
    try (var engine = new GuardedEngine(Engines.openSearch().endpoint(), guard)) {
      assertThat(status(engine, secret, "GET", "/", NO_BODY)).isEqualTo(200);
      stored.set("new");
      valid.set("new");
      assertThat(status(engine, secret, "GET", "/", NO_BODY)).isEqualTo(200);
      valid.set("somebody else's");
      assertThat(status(engine, secret, "GET", "/", NO_BODY)).isEqualTo(401);
    }
  }

  @Test
  void aMissingSecretIsReported() {
    var secret =
        new SecretAuthorization(
            () -> {
              throw new CredentialsException("cannot read the secret", null);
            });
    try (var engine = new GuardedEngine(Engines.openSearch().endpoint(), (_, _, _, _) -> true)) {
      assertThatThrownBy(() -> status(engine, secret, "GET", "/", NO_BODY))
          .isInstanceOf(CredentialsException.class);
    }
  }

  private static Authorization sigV4(String secretKey) {
    return new SigV4Authorization(
        StaticCredentialsProvider.create(AwsBasicCredentials.create("key-id", secretKey)),
        "ap-northeast-1",
        SigV4Authorization.OPENSEARCH_SERVICE,
        false);
  }

  private static int status(
      GuardedEngine engine, Authorization authorization, String method, String path, byte[] body)
      throws IOException {
    var client = new SearchClient(engine.endpoint(), new SocketCaller(), authorization);
    return client
        .send(
            method,
            path,
            Map.of("filter_path", "error.type,items.*.status"),
            body,
            Duration.ofSeconds(10))
        .status();
  }
}
