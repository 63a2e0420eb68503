package dev.utsushi.core.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchClientTest {
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
}
