package dev.utsushi.local.fault;

/** Is told what passes through a proxy, on the thread that carries it: be quick. */
public interface ProxyListener {

  /** Tells nobody. */
  ProxyListener SILENT = new ProxyListener() {};

  /** The request is on its way to the server from here on. */
  default void forwarding(ProxiedRequest request) {}

  /**
   * The server has answered.
   *
   * @param passedOn whether the client is about to get the whole answer
   */
  default void replied(ProxiedRequest request, ServerReply reply, boolean passedOn) {}

  /** The server was sent the request and gave no whole answer: what it did is not known. */
  default void unanswered(ProxiedRequest request) {}

  /** A fault is about to happen to the request. */
  default void struck(ProxiedRequest request, Fault fault) {}
}
