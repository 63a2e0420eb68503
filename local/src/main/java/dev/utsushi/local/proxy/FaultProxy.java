package dev.utsushi.local.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Forwards plain HTTP/1.1 to one server, from its own loopback port, and does to each request what
 * its plan says. It understands requests and replies with a Content-Length, one at a time on a
 * connection. When the server is down, it resets the client's connection, as the kernel would.
 */
public final class FaultProxy implements AutoCloseable {

  /**
   * A request as the proxy read it.
   *
   * @param number the proxy's count of requests, from 1
   * @param path with the query
   * @param head the first line and the headers
   */
  public record Request(long number, String method, String path, String body, String head) {

    /** Creates a request without headers. */
    public Request(long number, String method, String path, String body) {
      this(number, method, path, body, "");
    }

    /** Returns the value of a header; empty if the request has none. */
    public String header(String name) {
      String prefix = name + ':';
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst()
          .orElse("");
    }
  }

  /** The server's reply. */
  public record Reply(int status, String body) {}

  private static final int BACKLOG = 64;

  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket listening;
  private final URI target;
  private final Function<Request, ProxyAction> plan;
  private final ProxyListener listener;

  /**
   * Starts a proxy.
   *
   * @param target scheme, host and port of the server, which may start later
   * @param plan called by many threads
   * @throws UncheckedIOException if no port is free
   */
  public FaultProxy(URI target, Function<Request, ProxyAction> plan, ProxyListener listener) {
    this.target = target;
    this.plan = plan;
    this.listener = listener;
    try {
      listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("No port for the proxy to " + target, e);
    }
    Thread.ofVirtual().name("fault-proxy").start(this::acceptAll);
  }

  /** Returns the address for clients. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** Counts the requests that arrived and are not over, stranded ones included. */
  public int inFlight() {
    return inFlight.get();
  }

  private void acceptAll() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        Thread.ofVirtual().name("fault-proxy-connection").start(() -> serve(client));
      } catch (IOException _) {
        // The proxy is closed, or the client has disconnected already.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var in = client.getInputStream();
      for (var message = HttpMessage.read(in); message != null; message = HttpMessage.read(in)) {
        carry(message, client);
      }
    } catch (IOException _) {
      // Reset on command, or the client has disconnected: it retries if it wants to.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void carry(HttpMessage message, Socket client) throws IOException, InterruptedException {
    var request =
        new Request(
            requests.incrementAndGet(),
            message.firstLineWord(0),
            message.firstLineWord(1),
            message.text(),
            message.head());
    inFlight.incrementAndGet();
    try {
      new Exchange(message, request, client).apply(plan.apply(request));
    } finally {
      inFlight.decrementAndGet();
    }
  }

  /** Ends every connection; a stranded request never reaches the server. */
  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The proxy to " + target + " did not close", e);
    }
  }

  /** One request and its reply. */
  private final class Exchange {
    private final HttpMessage message;
    private final Request request;
    private final Socket client;

    Exchange(HttpMessage message, Request request, Socket client) {
      this.message = message;
      this.request = request;
      this.client = client;
    }

    void apply(ProxyAction action) throws IOException, InterruptedException {
      if (!(action instanceof ProxyAction.Forward)) {
        listener.struck(request, action);
      }
      switch (action) {
        case ProxyAction.Forward() -> answer(forward(true));
        case ProxyAction.Answer(int status, String body) -> answer(HttpMessage.reply(status, body));
        case ProxyAction.Hang(var duration) -> {
          Thread.sleep(duration);
          reset();
        }
        case ProxyAction.DropBefore() -> reset();
        case ProxyAction.LoseAnswer() -> {
          forward(false);
          reset();
        }
        case ProxyAction.Truncate() -> {
          forward(false).writeHalfTo(client.getOutputStream());
          reset();
        }
        case ProxyAction.Delay(var duration) -> {
          Thread.sleep(duration);
          answer(forward(true));
        }
        case ProxyAction.Strand(var duration) -> {
          reset();
          Thread.sleep(duration);
          forward(false);
        }
        case ProxyAction.Interrupt(var moment, var command) -> interrupt(moment, command);
      }
    }

    private void interrupt(ProxyAction.Moment moment, Runnable command) throws IOException {
      switch (moment) {
        case ARRIVED -> {
          command.run();
          reset();
        }
        case FORWARDED -> answer(forward(true, command));
        case DONE -> {
          HttpMessage reply = forward(false);
          command.run();
          answer(reply);
        }
        case ANSWERED -> {
          answer(forward(true));
          command.run();
        }
      }
    }

    private HttpMessage forward(boolean passedOn) throws IOException {
      return forward(passedOn, () -> {});
    }

    private HttpMessage forward(boolean passedOn, Runnable onForwarded) throws IOException {
      if (listening.isClosed()) {
        throw new IOException("The proxy was closed before it forwarded the request");
      }
      listener.forwarding(request);
      HttpMessage reply;
      try (Socket server = new Socket(target.getHost(), target.getPort())) {
        open.add(server);
        try {
          reply = exchange(server, onForwarded);
        } finally {
          open.remove(server);
        }
      } catch (IOException e) {
        listener.unanswered(request);
        reset();
        throw e;
      }
      int status = Integer.parseInt(reply.firstLineWord(1));
      listener.replied(request, new Reply(status, reply.text()), passedOn);
      return reply;
    }

    private HttpMessage exchange(Socket server, Runnable onForwarded) throws IOException {
      server.setTcpNoDelay(true);
      message.writeTo(server.getOutputStream());
      onForwarded.run();
      HttpMessage reply = HttpMessage.read(server.getInputStream());
      if (reply == null) {
        throw new IOException("The server ended the connection without a reply");
      }
      return reply;
    }

    private void answer(HttpMessage reply) throws IOException {
      reply.writeTo(client.getOutputStream());
    }

    /** Closes the connection with a reset, which no client mistakes for a normal end. */
    private void reset() throws IOException {
      client.setSoLinger(true, 0);
      client.close();
    }
  }
}
