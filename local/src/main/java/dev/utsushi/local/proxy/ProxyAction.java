package dev.utsushi.local.proxy;

import java.time.Duration;

/** An action of the proxy on one request. */
public sealed interface ProxyAction {

  /** Forwards the request and returns the server's reply. */
  record Forward() implements ProxyAction {}

  /**
   * Replies in the server's place; the server never sees the request.
   *
   * @param body JSON
   */
  record Answer(int status, String body) implements ProxyAction {}

  /** Sends nothing for a while, then ends the connection; the server never sees the request. */
  record Hang(Duration duration) implements ProxyAction {}

  /** Resets the connection; the server never sees the request. */
  record DropBefore() implements ProxyAction {}

  /** Forwards the request, but resets the connection before the first byte of the reply. */
  record LoseAnswer() implements ProxyAction {}

  /** Forwards the request, but resets the connection halfway through the reply. */
  record Truncate() implements ProxyAction {}

  /** Forwards the request after a while. */
  record Delay(Duration duration) implements ProxyAction {}

  /** Resets the connection at once and forwards the request all the same, a while later. */
  record Strand(Duration duration) implements ProxyAction {}

  /** Forwards the request and runs something at a given moment, on the proxy's thread. */
  record Interrupt(Moment moment, Runnable action) implements ProxyAction {}

  /** The moments in the life of a request that the proxy sees. */
  enum Moment {
    /** The request has arrived, and the server has seen nothing of it. */
    ARRIVED,
    /** The request's last byte is sent to the server. */
    FORWARDED,
    /** The server's reply is here, and the client has seen nothing of it. */
    DONE,
    /** The reply is sent to the client. */
    ANSWERED
  }
}
