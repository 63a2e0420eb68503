package dev.utsushi.testbed.endpoints;

/** There is no local AWS to reach; the message says so, and how to start one. */
public final class EndpointsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EndpointsException(String message) {
    super(message);
  }
}
