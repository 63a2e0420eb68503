package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP connection against peers that answer byte by byte, over plain TCP and TLS. */
final class SocketCallerTest {
  private static final String SMALL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final byte[] NOTHING = {};

  /** Too long for the buffers of both ends together. */
  private static final byte[] LARGE = new byte[32 << 20];

  @TempDir private static Path directory;
  private static @Nullable SSLContext certified;

  private final SocketCaller caller = new SocketCaller(() -> context().getSocketFactory());
  private final AtomicInteger connections = new AtomicInteger();
  private @Nullable ServerSocket opened;

  @FunctionalInterface
  private interface Peer {
    void serve(InputStream in, OutputStream out) throws Exception;
  }

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path file = directory.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String options =
        "-genkeypair -alias engine -keyalg EC -dname CN=engine -ext san=ip:127.0.0.1"
            + " -storetype PKCS12 -storepass changeit -keystore "
            + file;
    String[] command = (keytool + ' ' + options).split(" ", -1);
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance(file.toFile(), password);
    KeyManagerFactory ours = KeyManagerFactory.getInstance("PKIX");
    ours.init(keys, password);
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(ours.getKeyManagers(), trusted.getTrustManagers(), null);
    certified = context;
  }

  private static SSLContext context() {
    return Objects.requireNonNull(certified);
  }

  @AfterEach
  void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aConnectionServesOneRequestAfterTheOther(String scheme) throws Exception {
    URI engine =
        serve(
            scheme,
            (in, out) -> {
              for (int i = 0; i < 3; i++) {
                assertThat(request(in)).startsWith("POST /a%20b?c=d HTTP/1.1\r\n");
                answer(out, SMALL);
              }
            });
    for (int i = 0; i < 3; i++) {
      assertThat(text(post(engine.resolve("/a%20b?c=d"), "{}".getBytes(UTF_8)))).isEqualTo("{}");
    }
    assertThat(connections).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aConnectionThatThePeerClosedIsReplaced(String scheme) throws Exception {
    URI engine =
        serve(
            scheme,
            (in, out) -> {
              request(in);
              answer(out, SMALL);
            });
    for (int i = 0; i < 3; i++) {
      assertThat(post(engine, NOTHING).status()).isEqualTo(200);
    }
    assertThat(connections).hasValue(3);
  }

  @Test
  void aNewConnectionThatBreaksIsNotTriedAgain() throws Exception {
    URI engine = serve("http", (in, _) -> request(in));
    assertThatThrownBy(() -> post(engine, NOTHING)).isInstanceOf(IOException.class);
    assertThat(connections).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aHeadThatTricklesEndsInTime(String scheme) throws Exception {
    URI engine =
        serve(
            scheme,
            (in, out) -> {
              request(in);
              while (true) {
                answer(out, "H");
                Thread.sleep(10);
              }
            });
    assertThatThrownBy(() -> post(engine, NOTHING)).isInstanceOf(SocketTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aPeerThatStopsReadingEndsInTime(String scheme) throws Exception {
    URI engine = serve(scheme, (_, _) -> Thread.sleep(Duration.ofMinutes(1)));
    assertThatThrownBy(() -> post(engine, LARGE)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aHandshakeThatNobodyAnswersEndsInTime() throws Exception {
    URI engine = serve("http", (_, _) -> Thread.sleep(Duration.ofMinutes(1)));
    URI secure = URI.create(engine.toString().replace("http:", "https:"));
    assertThatThrownBy(() -> post(secure, NOTHING)).isInstanceOf(SocketTimeoutException.class);
  }

  /** The JDK's authorities don't know the engine's: it is trusted by its own, and only then. */
  @Test
  void anAuthorityOfOnesOwnIsTrustedBesideTheJdks() throws Exception {
    URI engine =
        serve(
            "https",
            (in, out) -> {
              request(in);
              answer(out, SMALL);
            });
    Certificate authority =
        KeyStore.getInstance(directory.resolve("keys.p12").toFile(), "changeit".toCharArray())
            .getCertificate("engine");
    String pem =
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(authority.getEncoded()));
    var authorities = CertificateAuthorities.read(new ByteArrayInputStream(pem.getBytes(UTF_8)));
    SSLSocketFactory tls = CertificateAuthorities.trust(authorities);

    assertThat(new SocketCaller(() -> tls).send(call(engine, NOTHING)).status()).isEqualTo(200);
    assertThat(SocketCaller.trusting(pem).send(call(engine, NOTHING)).status()).isEqualTo(200);
    assertThatThrownBy(() -> new SocketCaller().send(call(engine, NOTHING)))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    URI engine = serve("https", (in, _) -> request(in));
    URI other = URI.create("https://localhost:" + engine.getPort() + "/");
    assertThatThrownBy(() -> post(other, NOTHING)).isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void anAnswerBeforeTheBodyWasReadIsSeen() throws Exception {
    URI engine =
        serve(
            "http",
            (in, out) -> {
              line(in);
              answer(out, "HTTP/1.1 413 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
              // Reads what is under way, as gateways do, so that no reset overtakes the answer.
              in.transferTo(OutputStream.nullOutputStream());
            });
    assertThat(post(engine, LARGE).status()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3;x=y~abc~2~de~0~T: 1~~ | abcde",
        "HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~content-length:5~~abcde | abcde",
        "HTTP/1.1 200~Content-Length: 5~~abcde | abcde",
        "HTTP/1.0 200 OK~~abcde | abcde",
        "HTTP/1.1 204 No Content~~ | ''",
      })
  void repliesOfEveryFormAreRead(String reply, String body) throws Exception {
    assertThat(text(post(answering(reply), NOTHING))).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH",
        "HTTP/1.1 two OK~~",
        "HTTP/1.1 200 OK~Content-Length: -5~~abcde",
        "HTTP/1.1 200 OK~Content-Length: 99999999999~~abcde",
        "HTTP/1.1 200 OK~Content-Length: 2000000000~~abcde",
        "HTTP/1.1 200 OK~Content-Length: 6~~abcde",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~9~abcde",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~secret~abcde",
        "HTTP/1.1 200 OK~Content-Length",
        "",
      })
  void aReplyThatIsNoneIsAnErrorThatDoesNotQuoteIt(String reply) throws Exception {
    URI engine = answering(reply + "~".repeat(reply.startsWith("SSH") ? 1 : 0));
    assertThatThrownBy(() -> post(engine, NOTHING))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class)
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("SSH");
  }

  @Test
  void aHeadWithoutAnEndIsCutOff() throws Exception {
    URI engine =
        serve(
            "http",
            (in, out) -> {
              request(in);
              answer(out, "HTTP/1.1 200 OK\r\nX: ");
              while (true) {
                answer(out, "x".repeat(10_000));
              }
            });
    assertThatThrownBy(() -> post(engine, NOTHING)).hasMessageContaining("64 KiB");
  }

  private URI answering(String reply) throws IOException {
    return serve(
        "http",
        (in, out) -> {
          request(in);
          answer(out, reply.replace("~", "\r\n"));
        });
  }

  private URI serve(String scheme, Peer peer) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocket server =
        scheme.equals("http")
            ? new ServerSocket(0, 50, loopback)
            : context().getServerSocketFactory().createServerSocket(0, 50, loopback);
    opened = server;
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  connections.incrementAndGet();
                  peer.serve(socket.getInputStream(), socket.getOutputStream());
                } catch (Exception e) {
                  // The caller gave up, which is what some peers are for.
                }
              }
            });
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/");
  }

  /** Long enough for an answer, short enough to wait for. */
  private HttpReply post(URI uri, byte[] body) throws IOException {
    return caller.send(call(uri, body));
  }

  private static HttpCall call(URI uri, byte[] body) {
    return new HttpCall("POST", uri, Map.of(), body, Duration.ofSeconds(2));
  }

  private static String text(HttpReply reply) {
    return new String(reply.body(), UTF_8);
  }

  private static void answer(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  /** Reads a request without its body, or with one of two bytes. */
  private static String request(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    String line = line(in);
    while (!line.isEmpty()) {
      head.append(line).append("\r\n");
      line = line(in);
    }
    in.readNBytes(head.indexOf("Content-Length: 2") >= 0 ? 2 : 0);
    return head.toString();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
