package dev.utsushi.local.proxy;

import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;

/**
 * Receives what passes through a proxy, on the thread that carries it. Implementations must be
 * quick.
 */
public interface ProxyListener {

  /** Ignores everything. */
  ProxyListener SILENT = new ProxyListener() {};

  /** The request is about to be sent to the server. */
  default void forwarding(Request request) {}

  /**
   * The server has replied.
   *
   * @param passedOn whether the client is about to get the whole reply
   */
  default void replied(Request request, Reply reply, boolean passedOn) {}

  /** The server was sent the request and gave no whole reply: what it did is unknown. */
  default void unanswered(Request request) {}

  /** The proxy is about to do something other than {@link ProxyAction.Forward} to the request. */
  default void struck(Request request, ProxyAction action) {}
}
