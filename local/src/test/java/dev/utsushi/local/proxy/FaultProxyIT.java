package dev.utsushi.local.proxy;

import static dev.utsushi.local.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.utsushi.local.proxy.ProxyAction.Moment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests each fault from both ends of the connection. */
final class FaultProxyIT implements ProxyListener {
  private static final Duration MOMENT = Duration.ofMillis(300);

  /** Enough on a busy machine. */
  private static final Duration LONGER_THAN_A_REQUEST = Duration.ofMillis(1_500);

  private static final String REPLY = "{\"reply\":\"" + "r".repeat(2000) + "\"}";

  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<ProxyAction> fault =
      new AtomicReference<>(new ProxyAction.Forward());
  private HttpServer server;
  private FaultProxy proxy;
  private HttpClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    URI target = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    proxy = new FaultProxy(target, _ -> fault.get(), this);
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    client.close();
    proxy.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    served.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    byte[] reply = REPLY.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, reply.length);
    exchange.getResponseBody().write(reply);
    exchange.close();
  }

  @Test
  void withoutAFaultItForwardsManyRequestsOverOneConnection() throws Exception {
    for (String body : List.of("a", "写し", "b".repeat(200_000))) {
      HttpResponse<String> response = post(body);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(REPLY);
    }
    assertThat(served).containsExactly("a", "写し", "b".repeat(200_000));
    assertThat(told).filteredOn("replied 200 true"::equals).hasSize(3);
  }

  @Test
  void theProxysOwnAnswerKeepsTheRequestFromTheServer() throws Exception {
    fault.set(new ProxyAction.Answer(429, "{\"error\":\"busy\"}"));
    HttpResponse<String> response = post("a");
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).isEqualTo("{\"error\":\"busy\"}");
    assertThat(served).isEmpty();
    assertThat(told).containsExactly("struck Answer");
  }

  @Test
  void aHangSendsNothingUntilTheConnectionEnds() {
    fault.set(new ProxyAction.Hang(MOMENT));
    long start = System.nanoTime();
    assertThatThrownBy(() -> post("a")).isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(MOMENT);
    assertThat(served).isEmpty();
  }

  @Test
  void aDropBeforeKeepsTheRequestFromTheServer() {
    fault.set(new ProxyAction.DropBefore());
    assertThatThrownBy(() -> post("a")).isInstanceOf(IOException.class);
    assertThat(served).isEmpty();
  }

  @Test
  void theServerHandlesTheRequestOfALostAnswer() {
    fault.set(new ProxyAction.LoseAnswer());
    assertThatThrownBy(() -> post("a")).isInstanceOf(IOException.class);
    assertThat(served).containsExactly("a");
    assertThat(told).containsExactly("struck LoseAnswer", "forwarding", "replied 200 false");
  }

  @Test
  void aTruncatedAnswerHasTheWholeHeadAndHalfTheBody() throws Exception {
    fault.set(new ProxyAction.Truncate());
    HttpResponse<java.io.InputStream> response =
        client.send(request("a"), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    assertThat(served).containsExactly("a");
  }

  @Test
  void aDelayOnlyTakesTime() throws Exception {
    fault.set(new ProxyAction.Delay(MOMENT));
    long start = System.nanoTime();
    assertThat(post("a").body()).isEqualTo(REPLY);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(MOMENT);
  }

  @Test
  void aStrandedRequestArrivesAfterItsClientGaveUpAndAfterALaterRequest() throws Exception {
    fault.set(new ProxyAction.Strand(LONGER_THAN_A_REQUEST));
    assertThatThrownBy(() -> post("early")).isInstanceOf(IOException.class);
    assertThat(served).isEmpty();
    assertThat(proxy.inFlight()).isEqualTo(1);
    fault.set(new ProxyAction.Forward());
    post("later");
    await().until(() -> proxy.inFlight() == 0);
    assertThat(served).containsExactly("later", "early");
  }

  @Test
  void aClosedProxyLetsNoStrandedRequestArrive() throws Exception {
    fault.set(new ProxyAction.Strand(LONGER_THAN_A_REQUEST));
    assertThatThrownBy(() -> post("early")).isInstanceOf(IOException.class);
    proxy.close();
    await().until(() -> proxy.inFlight() == 0);
    assertThat(served).isEmpty();
  }

  @Test
  void anInterruptionRunsAtItsMoment() throws Exception {
    fault.set(new ProxyAction.Interrupt(Moment.ARRIVED, () -> told.add("action")));
    assertThatThrownBy(() -> post("a")).isInstanceOf(IOException.class);
    assertThat(told).containsExactly("struck Interrupt", "action");
    for (Moment moment : List.of(Moment.FORWARDED, Moment.DONE, Moment.ANSWERED)) {
      told.clear();
      fault.set(new ProxyAction.Interrupt(moment, () -> told.add("action")));
      assertThat(post("a").body()).isEqualTo(REPLY);
      await().until(() -> told.contains("action"));
      assertThat(told.indexOf("action"))
          .as("%s", moment)
          .isEqualTo(moment == Moment.FORWARDED ? 2 : 3);
    }
  }

  @Test
  void aStoppedServerIsAConnectionThatEnds() {
    server.stop(0);
    assertThatThrownBy(() -> post("a")).isInstanceOf(IOException.class);
    assertThat(told).containsExactly("forwarding", "unanswered");
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(request(body), BodyHandlers.ofString());
  }

  private HttpRequest request(String body) {
    return HttpRequest.newBuilder(proxy.endpoint().resolve("/index/_bulk?x=y"))
        .timeout(Duration.ofSeconds(30))
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  @Override
  public void forwarding(FaultProxy.Request request) {
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/index/_bulk?x=y");
    told.add("forwarding");
  }

  @Override
  public void replied(FaultProxy.Request request, FaultProxy.Reply reply, boolean passedOn) {
    told.add("replied " + reply.status() + " " + passedOn);
  }

  @Override
  public void unanswered(FaultProxy.Request request) {
    told.add("unanswered");
  }

  @Override
  public void struck(FaultProxy.Request request, ProxyAction struck) {
    told.add("struck " + struck.getClass().getSimpleName());
  }
}
