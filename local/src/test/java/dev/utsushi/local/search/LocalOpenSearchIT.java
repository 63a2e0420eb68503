package dev.utsushi.local.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class LocalOpenSearchIT {
  @Test
  void anOutageKeepsAddressAndData() throws Exception {
    try (var engine = LocalOpenSearch.start()) {
      var endpoint = engine.endpoint();
      Engine.send(engine, "PUT", "/kept/_doc/1", "{\"kind\":\"visit\"}");

      engine.stop();
      assertThatThrownBy(() -> Engine.get(engine, "/")).isInstanceOf(ConnectException.class);

      engine.restart();
      assertThat(engine.endpoint()).isEqualTo(endpoint);
      assertThat(Engine.get(engine, "/kept/_doc/1").body()).contains("\"kind\":\"visit\"");
    }
  }

  @Test
  void twoNodesAreTwoClusters() throws Exception {
    try (var one = LocalOpenSearch.start();
        var two = LocalOpenSearch.start()) {
      Engine.send(one, "PUT", "/mine/_doc/1", "{}");
      assertThat(Engine.get(two, "/mine").statusCode()).isEqualTo(404);
    }
  }
}
