package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.Operation.Malfunction;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PlantedSecretTest {
  private final History history = new History(InstantSource.system(), _ -> {});
  private final PlantedSecret secret = new PlantedSecret(7, history);

  @Test
  void isFoundInPlainTextOncePerPlace() {
    secret.search("a", "{\"x\":\"" + secret.text() + "\"}");
    secret.search("a", secret.text());
    secret.search("b", "nothing");
    assertThat(found()).containsExactly("what no index shows is in a");
    assertThat(secret.searched()).isEqualTo(3);
    assertThat(found().getFirst()).doesNotContain(secret.text());
  }

  @Test
  void isFoundInBase64WhereverItBegins() {
    for (int before = 0; before < 6; before++) {
      for (int after = 0; after < 3; after++) {
        String text = "é".repeat(before / 2) + "x".repeat(before % 2) + secret.text();
        byte[] bytes = (text + "y".repeat(after)).getBytes(UTF_8);
        secret.search(before + " " + after, Base64.getEncoder().encodeToString(bytes));
      }
    }
    assertThat(found()).hasSize(18);
  }

  @Test
  void isFoundInACompressedDeadLetterAlsoInsideARequest() throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(secret.text().getBytes(UTF_8));
    }
    String body =
        "{\"recordsGzip\":\"%s\"}"
            .formatted(Base64.getEncoder().encodeToString(compressed.toByteArray()));
    secret.search("a message", body);
    secret.search("a request", body.replace("\"", "\\\""));
    secret.search("no message", body.replace("recordsGzip\":\"", "recordsGzip\":\"AAAA"));
    assertThat(found())
        .containsExactly(
            "what no index shows is in a message", "what no index shows is in a request");
  }

  @Test
  void isFoundAtAProxyThatPassesEverythingOn() {
    var passed = new StringBuilder();
    ProxyListener listener =
        secret.before(
            new ProxyListener() {
              @Override
              public void forwarding(Request request) {
                passed.append(request.body());
              }

              @Override
              public void replied(Request request, Reply reply, boolean passedOn) {
                passed.append(reply.body());
              }
            },
            "the server");
    var request = new Request(1, "POST", "/", secret.text());
    listener.forwarding(request);
    listener.replied(request, new Reply(200, secret.text()), true);
    assertThat(found())
        .containsExactly(
            "what no index shows is in a request to the server",
            "what no index shows is in a reply of the server");
    assertThat(passed).hasToString(secret.text() + secret.text());
  }

  private List<String> found() {
    return history.entries().stream()
        .map(entry -> ((Malfunction) entry.operation()).what())
        .toList();
  }
}
