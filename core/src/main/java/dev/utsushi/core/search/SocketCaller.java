package dev.utsushi.core.search;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP over the JDK's sockets. It starts fast, writes a small request in one packet, keeps
 * connections open, and ends every exchange in time: when the time is up, the socket is closed,
 * whether it connects, writes to a peer that does not read, or reads a reply that trickles.
 */
public final class SocketCaller implements HttpCaller {
  /** Connections that were idle for longer are not used: load balancers drop them unseen. */
  private static final long LONGEST_IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final Supplier<SSLSocketFactory> tls;
  private @Nullable ScheduledThreadPoolExecutor timer;

  private record Idle(HttpConnection connection, long since) {}

  /** Creates a caller that trusts the certificate authorities of the JDK. */
  public SocketCaller() {
    this(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /**
   * Creates a caller that also trusts others.
   *
   * @param authorities in PEM: a resource in the jar, or text; null for none
   */
  public static SocketCaller trusting(@Nullable String authorities) {
    return authorities == null
        ? new SocketCaller()
        : new SocketCaller(once(() -> CertificateAuthorities.trust(authorities)));
  }

  /** Reading the JDK's authorities takes a while: not before the first connection, and once. */
  private static <T> Supplier<T> once(Supplier<T> made) {
    return new Supplier<>() {
      private @Nullable T value;

      @Override
      public synchronized T get() {
        if (value == null) {
          value = made.get();
        }
        return value;
      }
    };
  }

  SocketCaller(Supplier<SSLSocketFactory> tls) {
    this.tls = tls;
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    long end = System.nanoTime() + call.timeout().toNanos();
    byte[] head = HttpConnection.head(call);
    HttpConnection kept = takeIdle(call.uri());
    if (kept != null) {
      try {
        return exchange(kept, head, call, end);
      } catch (IOException e) {
        if (kept.isReplying() || e instanceof SocketTimeoutException) {
          throw e;
        }
        // The peer closed the connection while it was idle.
      }
    }
    return exchange(new HttpConnection(call.uri(), tls), head, call, end);
  }

  private HttpReply exchange(HttpConnection connection, byte[] head, HttpCall call, long end)
      throws IOException {
    Future<?> expiry =
        timer().schedule(connection::close, end - System.nanoTime(), TimeUnit.NANOSECONDS);
    boolean keep = false;
    try {
      if (!connection.isConnected()) {
        connection.connect();
      }
      HttpReply reply = connection.exchange(head, call);
      keep = connection.isReusable();
      return reply;
    } catch (IOException e) {
      throw System.nanoTime() - end < 0 ? e : new SocketTimeoutException("no whole reply in time");
    } finally {
      expiry.cancel(false);
      if (keep) {
        idle.push(new Idle(connection, System.nanoTime()));
      } else {
        connection.close();
      }
    }
  }

  private @Nullable HttpConnection takeIdle(URI uri) {
    for (Idle next = idle.poll(); next != null; next = idle.poll()) {
      if (System.nanoTime() - next.since() < LONGEST_IDLE_NANOS && next.connection().leadsTo(uri)) {
        return next.connection();
      }
      next.connection().close();
    }
    return null;
  }

  /** Not started before the first request, so that no snapshot holds a thread. */
  private synchronized ScheduledThreadPoolExecutor timer() {
    if (timer == null) {
      timer =
          new ScheduledThreadPoolExecutor(
              1, task -> Thread.ofPlatform().daemon().name("deadline").unstarted(task));
      timer.setRemoveOnCancelPolicy(true);
    }
    return timer;
  }
}
