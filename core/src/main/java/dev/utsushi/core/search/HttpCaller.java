package dev.utsushi.core.search;

import java.io.IOException;

/** The HTTP client: the one part of the way to the engine that is a matter of taste and speed. */
@FunctionalInterface
public interface HttpCaller {

  /**
   * Sends the call and waits for its reply, whatever its status.
   *
   * @throws IOException if no reply came: no connection, a broken one, or out of time
   */
  HttpReply send(HttpCall call) throws IOException;
}
