package dev.utsushi.outbox.broker;

/** What a broker said about one event. */
public sealed interface BrokerAnswer {

  /** It has the event, safely. */
  record Acknowledged() implements BrokerAnswer {}

  /**
   * It will never take the event.
   *
   * @param reason its error code
   */
  record Refused(String reason) implements BrokerAnswer {}

  /**
   * It did not say that it has the event. It may have it.
   *
   * @param reason its error code, or the type of the failure
   */
  record Unavailable(String reason) implements BrokerAnswer {}
}
