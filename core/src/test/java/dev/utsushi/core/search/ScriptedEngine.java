package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An engine that answers as told, byte by byte: for replies that no real engine gives on demand.
 */
public final class ScriptedEngine implements AutoCloseable {
  private final ServerSocket server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final Script script;

  /** Writes the reply to a request. The connection closes when it has returned. */
  @FunctionalInterface
  public interface Script {
    /**
     * Answers.
     *
     * @param request method and path, for example {@code POST /deals-write/_bulk}
     */
    void answer(String request, OutputStream out) throws IOException, InterruptedException;
  }

  public ScriptedEngine(Script script) {
    this.script = script;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Returns the requests so far, in their order. */
  public List<String> requests() {
    return requests;
  }

  /** Writes a whole reply. */
  public static void reply(OutputStream out, int status, String body) throws IOException {
    head(out, status, body.getBytes(UTF_8).length);
    out.write(body.getBytes(UTF_8));
  }

  /** Writes the head of a reply whose body has so many bytes. */
  public static void head(OutputStream out, int status, int length) throws IOException {
    String head =
        "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
            + "Connection: close\r\n\r\n";
    out.write(head.formatted(status, length).getBytes(UTF_8));
    out.flush();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        InputStream in = new BufferedInputStream(connection.getInputStream());
        OutputStream out = connection.getOutputStream()) {
      String[] requestLine = line(in).split(" ", 3);
      int length = 0;
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
        }
      }
      in.readNBytes(length);
      String path = requestLine[1];
      String request = requestLine[0] + ' ' + path.substring(0, (path + '?').indexOf('?'));
      requests.add(request);
      script.answer(request, out);
      out.flush();
    } catch (IOException e) {
      // The client gave up, which is what some scripts are for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(UTF_8);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
