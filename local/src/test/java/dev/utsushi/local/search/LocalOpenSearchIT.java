package dev.utsushi.local.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalOpenSearchIT {
  private static LocalOpenSearch engine;

  @BeforeAll
  static void start() {
    engine = LocalOpenSearch.start();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void anOutageKeepsAddressAndData() throws Exception {
    var endpoint = engine.endpoint();
    Engine.send(engine, "PUT", "/kept/_doc/1", "{\"kind\":\"visit\"}");

    engine.stop();
    assertThatThrownBy(() -> Engine.get(engine, "/")).isInstanceOf(ConnectException.class);

    engine.restart();
    assertThat(engine.endpoint()).isEqualTo(endpoint);
    assertThat(Engine.get(engine, "/kept/_doc/1").body()).contains("\"kind\":\"visit\"");
  }

  @Test
  void twoNodesAreTwoClusters() throws Exception {
    Engine.send(engine, "PUT", "/mine/_doc/1", "{}");
    try (var other = LocalOpenSearch.start()) {
      assertThat(Engine.get(other, "/mine").statusCode()).isEqualTo(404);
    }
  }
}
