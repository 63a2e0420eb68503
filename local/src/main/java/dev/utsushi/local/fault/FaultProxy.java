package dev.utsushi.local.fault;

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

/**
 * Forwards plain HTTP/1.1 to one server, from a loopback port of its own, and does to each request
 * what its plan says. It understands requests and replies with a Content-Length, one at a time on a
 * connection. The server may be gone: then the client's connection is reset, as the kernel would.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket listening;
  private final URI target;
  private final FaultPlan plan;
  private final ProxyListener listener;

  private FaultProxy(ServerSocket listening, URI target, FaultPlan plan, ProxyListener listener) {
    this.listening = listening;
    this.target = target;
    this.plan = plan;
    this.listener = listener;
  }

  /**
   * Starts a proxy.
   *
   * @param target scheme, host and port of the server, which need not be there yet
   * @throws UncheckedIOException if there is no port for it
   */
  public static FaultProxy to(URI target, FaultPlan plan, ProxyListener listener) {
    try {
      var listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
      var proxy = new FaultProxy(listening, target, plan, listener);
      Thread.ofVirtual().name("fault-proxy").start(proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("No port for the proxy to " + target, e);
    }
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /** Requests that arrived and are not over, stranded ones included. */
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
        // Closed, or a client that was gone before it was here.
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
      // Dropped on command, or the client has gone: it will ask again if it wants to.
    } finally {
      open.remove(client);
    }
  }

  private void carry(HttpMessage message, Socket client) throws IOException {
    var request =
        new ProxiedRequest(
            requests.incrementAndGet(),
            message.firstLineWord(0),
            message.firstLineWord(1),
            message.text());
    inFlight.incrementAndGet();
    try {
      new Passage(message, request, client).suffer(plan.faultFor(request));
    } finally {
      inFlight.decrementAndGet();
    }
  }

  /** Ends every connection; a request that is stranded on its way never arrives. */
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

  /** One request, on its way. */
  private final class Passage {
    private final HttpMessage message;
    private final ProxiedRequest request;
    private final Socket client;

    Passage(HttpMessage message, ProxiedRequest request, Socket client) {
      this.message = message;
      this.request = request;
      this.client = client;
    }

    void suffer(Fault fault) throws IOException {
      if (!(fault instanceof Fault.None)) {
        listener.struck(request, fault);
      }
      switch (fault) {
        case Fault.None() -> answer(forward(true, () -> {}));
        case Fault.Answer(int status, String body) -> answer(HttpMessage.reply(status, body));
        case Fault.Hang(var duration) -> {
          Pause.of(duration);
          throw reset();
        }
        case Fault.DropBefore() -> throw reset();
        case Fault.LoseAnswer() -> {
          forward(false, () -> {});
          throw reset();
        }
        case Fault.Truncate() -> {
          forward(false, () -> {}).writeHalfTo(client.getOutputStream());
          throw reset();
        }
        case Fault.Delay(var duration) -> {
          Pause.of(duration);
          answer(forward(true, () -> {}));
        }
        case Fault.Strand(var duration) -> {
          IOException dropped = reset();
          Pause.of(duration);
          forward(false, () -> {});
          throw dropped;
        }
        case Fault.Interrupt(var moment, var action) -> interrupted(moment, action);
      }
    }

    private void interrupted(Fault.Moment moment, Runnable action) throws IOException {
      switch (moment) {
        case ARRIVED -> {
          action.run();
          throw reset();
        }
        case FORWARDED -> answer(forward(true, action));
        case DONE -> {
          HttpMessage reply = forward(false, () -> {});
          action.run();
          answer(reply);
        }
        case ANSWERED -> {
          answer(forward(true, () -> {}));
          action.run();
        }
      }
    }

    private HttpMessage forward(boolean passedOn, Runnable onForwarded) throws IOException {
      if (listening.isClosed()) {
        throw new IOException("The proxy was closed while the request was on its way");
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
      listener.replied(request, new ServerReply(status, reply.text()), passedOn);
      return reply;
    }

    private HttpMessage exchange(Socket server, Runnable onForwarded) throws IOException {
      server.setTcpNoDelay(true);
      message.writeTo(server.getOutputStream());
      onForwarded.run();
      HttpMessage reply = HttpMessage.read(server.getInputStream());
      if (reply == null) {
        throw new IOException("The server ended the connection without an answer");
      }
      return reply;
    }

    private void answer(HttpMessage reply) throws IOException {
      reply.writeTo(client.getOutputStream());
    }

    /** Closes the client's connection with a reset, which no client takes for a normal end. */
    private IOException reset() throws IOException {
      client.setSoLinger(true, 0);
      client.close();
      return new IOException("Dropped on command");
    }
  }
}
