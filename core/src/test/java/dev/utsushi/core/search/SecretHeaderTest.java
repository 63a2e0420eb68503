package dev.utsushi.core.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecretHeaderTest {
  @Test
  void aHeaderWithALineBreakIsNeverQuoted() {
    Authorization authorization = new SecretAuthorization(() -> "ApiKey c2VjcmV0\nx");
    try (ScriptedEngine engine =
        new ScriptedEngine((_, out) -> ScriptedEngine.reply(out, 200, "{}"))) {
      SearchClient client = new SearchClient(engine.endpoint(), new SocketCaller(), authorization);
      assertThatThrownBy(
              () -> client.send("GET", "/", Map.of(), new byte[0], Duration.ofSeconds(5)))
          .isInstanceOf(IOException.class)
          .hasNoCause()
          .hasMessageNotContaining("c2VjcmV0");
      assertThat(engine.requests()).isEmpty();
    }
  }
}
