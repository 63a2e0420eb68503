package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One connection of HTTP/1.1 (<a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>), for
 * one exchange at a time. A wait ends when another thread calls {@link #close}. No exception quotes
 * anything of the request or the reply.
 */
final class HttpConnection implements AutoCloseable {
  /** The longest head of a reply, in bytes. */
  private static final int LONGEST_HEAD = 65_536;

  /** The longest body of a reply, in bytes: as long as the longest request that engines take. */
  private static final int LONGEST_BODY = 100 << 20;

  private final URI origin;
  private final Supplier<SSLSocketFactory> tls;
  private final Socket socket = new Socket();
  private OutputStream out = OutputStream.nullOutputStream();
  private InputStream in = InputStream.nullInputStream();
  private boolean replying;
  private boolean reusable;
  private int headBytes;

  /**
   * @param tls asked only for {@code https}
   */
  HttpConnection(URI origin, Supplier<SSLSocketFactory> tls) {
    this.origin = origin;
    this.tls = tls;
  }

  boolean isConnected() {
    return socket.isConnected();
  }

  void connect() throws IOException {
    boolean secure = "https".equalsIgnoreCase(origin.getScheme());
    String host = origin.getHost();
    int port = origin.getPort() >= 0 ? origin.getPort() : secure ? 443 : 80;
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(host, port));
    Socket top = secure ? secured(host, port) : socket;
    out = new BufferedOutputStream(top.getOutputStream(), 16_384);
    in = new BufferedInputStream(top.getInputStream(), 16_384);
  }

  private Socket secured(String host, int port) throws IOException {
    SSLSocket secured = (SSLSocket) tls.get().createSocket(socket, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  boolean leadsTo(URI uri) {
    return origin.getScheme().equals(uri.getScheme())
        && origin.getAuthority().equals(uri.getAuthority());
  }

  /** Returns whether the last exchange came to its end, and both sides keep the connection. */
  boolean isReusable() {
    return reusable;
  }

  /** Returns whether a part of the reply to the last request has arrived. */
  boolean isReplying() {
    return replying;
  }

  /**
   * Returns the head of the request.
   *
   * @throws IOException if a header holds a character that would end it
   */
  static byte[] head(HttpCall call) throws IOException {
    String query = call.uri().getRawQuery();
    StringBuilder head = new StringBuilder(512).append(call.method()).append(' ');
    head.append(call.uri().getRawPath()).append(query == null ? "" : '?' + query);
    head.append(" HTTP/1.1\r\n");
    header(head, "Host", call.uri().getAuthority());
    header(head, "User-Agent", "utsushi");
    header(head, "Accept", "*/*");
    for (Map.Entry<String, String> header : call.headers().entrySet()) {
      header(head, header.getKey(), header.getValue());
    }
    boolean mayHaveBody = call.method().startsWith("P"); // POST, PUT
    if (mayHaveBody || call.body().length > 0) {
      header(head, "Content-Length", Integer.toString(call.body().length));
    }
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private static void header(StringBuilder head, String name, String value) throws IOException {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IOException("a header of the request holds an illegal character");
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }

  HttpReply exchange(byte[] head, HttpCall call) throws IOException {
    reusable = false;
    replying = false;
    headBytes = 0;
    try {
      out.write(head);
      out.write(call.body());
      out.flush();
    } catch (IOException e) {
      return replyInSpiteOf(e, call);
    }
    return read(call);
  }

  /** An engine that refuses a request by its head answers, and closes before it read the body. */
  private HttpReply replyInSpiteOf(IOException failure, HttpCall call) throws IOException {
    try {
      HttpReply reply = read(call);
      reusable = false;
      return reply;
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private HttpReply read(HttpCall call) throws IOException {
    String version;
    int status;
    Map<String, String> headers;
    do {
      String[] line = line().split(" ", 3);
      version = line[0];
      if (!version.startsWith("HTTP/1.") || line.length < 2) {
        throw new ProtocolException("the reply does not begin with an HTTP status");
      }
      status = number(line[1], 10);
      headers = headers();
    } while (status < 200);
    boolean bodyless = call.method().equals("HEAD") || status == 204 || status == 304;
    byte[] body = bodyless ? new byte[0] : body(headers);
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean delimited =
        bodyless
            || headers.containsKey("content-length")
            || headers.containsKey("transfer-encoding");
    reusable = delimited && version.equals("HTTP/1.1") && !connection.contains("close");
    return new HttpReply(status, body);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT).equals("chunked")) {
      return chunked();
    }
    String length = headers.get("content-length");
    if (length != null) {
      return bytes(number(length, 10));
    }
    byte[] body = in.readNBytes(LONGEST_BODY + 1);
    checkLength(body.length);
    return body;
  }

  private byte[] chunked() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      checkLength((long) body.size() + size);
      body.writeBytes(bytes(size));
      line();
    }
    headers();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    headBytes = 0;
    String line = line();
    int extension = line.indexOf(';');
    return number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
  }

  private byte[] bytes(int length) throws IOException {
    checkLength(length);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the reply broke off");
    }
    return bytes;
  }

  private static void checkLength(long length) throws ProtocolException {
    if (length > LONGEST_BODY) {
      throw new ProtocolException("the reply is longer than 100 MiB");
    }
  }

  /** Reads a line of the head, without its end. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the reply broke off");
      }
      replying = true;
      if (++headBytes > LONGEST_HEAD) {
        throw new ProtocolException("the head of the reply is longer than 64 KiB");
      }
      line.append((char) next);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  private static int number(String digits, int radix) throws ProtocolException {
    try {
      int number = Integer.parseInt(digits, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, without the digits.
    }
    throw new ProtocolException("the reply has a status or a length that is not a number");
  }

  /** Closes the socket below TLS, whose own close would wait for a peer that does not read. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use anyway.
    }
  }
}
