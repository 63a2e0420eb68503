package dev.utsushi.core.search;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The HTTP client that carries requests to the engine. */
@FunctionalInterface
public interface HttpCaller {

  /**
   * Sends the call and waits for its reply, whatever its status.
   *
   * @throws IOException if no reply came: no connection, a broken one, or a timeout
   */
  HttpReply send(HttpCall call) throws IOException;

  /**
   * One HTTP request.
   *
   * @param timeout the longest time to wait for a connection, and again for the reply
   */
  @SuppressWarnings("ArrayRecordComponent") // a body on its way out, never compared
  record HttpCall(
      String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout) {}

  /**
   * One HTTP response.
   *
   * @param body to be read to its end and closed, so that the connection can be reused
   */
  record HttpReply(int status, InputStream body) {}
}
