package dev.utsushi.core.search;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The HTTP client that carries requests to the engine. */
@FunctionalInterface
public interface HttpCaller {

  /**
   * Sends the call and waits for its reply, whatever its status.
   *
   * @throws IOException if no whole reply came: no connection, a broken one, or a timeout
   */
  HttpReply send(HttpCall call) throws IOException;

  /**
   * One HTTP request.
   *
   * @param timeout the longest time for the whole exchange, from the connection to the reply's end
   */
  @SuppressWarnings("ArrayRecordComponent") // a body on its way out, never compared
  record HttpCall(
      String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout) {}

  /** One HTTP response, whole. */
  @SuppressWarnings("ArrayRecordComponent") // a body to be parsed, never compared
  record HttpReply(int status, byte[] body) {}
}
