package dev.utsushi.local.fault;

import java.time.Duration;

/** What happens to one request on its way through the proxy. */
public sealed interface Fault {

  /** Nothing: it is forwarded, and answered as the server answers. */
  record None() implements Fault {}

  /**
   * The proxy answers in the server's place, which never sees the request.
   *
   * @param body JSON
   */
  record Answer(int status, String body) implements Fault {}

  /** No answer for so long, then the connection ends; the server never sees the request. */
  record Hang(Duration duration) implements Fault {}

  /** The connection is reset; the server never sees the request. */
  record DropBefore() implements Fault {}

  /** The server has done its work; the connection is reset before the first byte of its answer. */
  record LoseAnswer() implements Fault {}

  /** The server has done its work; the connection is reset half-way through its answer. */
  record Truncate() implements Fault {}

  /** It is forwarded after a while. */
  record Delay(Duration duration) implements Fault {}

  /**
   * The connection is reset at once; the request reaches the server all the same, a while later.
   */
  record Strand(Duration duration) implements Fault {}

  /**
   * It is forwarded and answered, but at a given moment something is done on the proxy's thread.
   */
  record Interrupt(Moment moment, Runnable action) implements Fault {}

  /** The moments in the life of a request that the proxy sees. */
  enum Moment {
    /** It has arrived whole, and the server has seen nothing of it. */
    ARRIVED,
    /** Its last byte is sent to the server. */
    FORWARDED,
    /** The server's answer is here, and the client has seen nothing of it. */
    DONE,
    /** The answer is sent to the client. */
    ANSWERED
  }
}
