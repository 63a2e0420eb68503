package dev.utsushi.outbox.event;

/**
 * The place of an event: events of one key are published in the order of their sequence.
 *
 * @param key the aggregate that the event is about
 * @param sequence from 1
 */
public record EventKey(String key, long sequence) {
  @Override
  public String toString() {
    return key + "#" + sequence;
  }
}
