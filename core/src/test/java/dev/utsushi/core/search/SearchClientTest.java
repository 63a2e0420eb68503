package dev.utsushi.core.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SearchClientTest {
  private static final URI ENDPOINT = URI.create("http://127.0.0.1:9200");

  private final List<HttpCall> calls = new ArrayList<>();

  /** Gateways serve an engine beside other things. */
  @Test
  void thePathOfTheEndpointComesFirst() throws IOException {
    try (ScriptedEngine engine =
        new ScriptedEngine((_, out) -> ScriptedEngine.reply(out, 200, "{}"))) {
      SearchClient client =
          new SearchClient(
              engine.endpoint().resolve("/search/v1"), new SocketCaller(), Authorization.NONE);

      client.send("GET", "/deals/_count", Map.of("q", "a b"), new byte[0], Duration.ofSeconds(5));

      assertThat(engine.requests()).containsExactly("GET /search/v1/deals/_count");
    }
  }

  /** Which a caller would have to break off: it may have reached the engine by then. */
  @Test
  void nothingIsSentWhenTheTimeIsUp() {
    SearchClient client = new SearchClient(ENDPOINT, answering(200), Authorization.NONE);
    for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThatThrownBy(() -> get(client, timeout)).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(calls).isEmpty();
  }

  @Test
  void norAgainWhenTheCredentialsTookTheTime() {
    SearchClient client = new SearchClient(ENDPOINT, answering(401), new SlowlyRenewed());
    assertThatThrownBy(() -> get(client, Duration.ofMillis(20)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(calls).hasSize(1);
  }

  private record SlowlyRenewed() implements Authorization {
    @Override
    public Map<String, String> authorize(
        String method, URI uri, Map<String, String> headers, byte[] body) {
      return headers;
    }

    @Override
    public boolean renew() {
      LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
      return true;
    }
  }

  private HttpCaller answering(int status) {
    return call -> {
      calls.add(call);
      return new HttpReply(status, new byte[0]);
    };
  }

  private static void get(SearchClient client, Duration timeout) throws IOException {
    client.send("GET", "/deals", Map.of(), new byte[0], timeout);
  }
}
