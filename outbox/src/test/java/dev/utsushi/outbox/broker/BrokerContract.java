package dev.utsushi.outbox.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.outbox.broker.BrokerAnswer.Acknowledged;
import dev.utsushi.outbox.broker.BrokerAnswer.Refused;
import dev.utsushi.outbox.broker.BrokerAnswer.Unavailable;
import dev.utsushi.outbox.event.OutboxEvent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the relay may expect of a broker. Each implementation passes it on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokerContract {
  /** Returns the broker on a new queue or stream of this server, or of another address. */
  abstract Broker broker(URI endpoint);

  abstract URI endpoint();

  /** Receives this many events from the last broker's queue or stream, in their order. */
  abstract List<OutboxEvent> receive(int events);

  static OutboxEvent event(String key, long sequence) {
    return CloudEventsTest.event(key, sequence, "{\"n\":1}".getBytes(UTF_8), "application/json");
  }

  @Test
  void whatIsAcknowledgedIsReceivedAsItWasWritten() {
    OutboxEvent event = event("wallet-1", 7);
    assertThat(broker(endpoint()).publish(List.of(event))).containsExactly(new Acknowledged());
    assertThat(receive(1)).containsExactly(event);
  }

  @Test
  void nothingIsAsEasilyPublished() {
    assertThat(broker(endpoint()).publish(List.of())).isEmpty();
  }

  @Test
  void moreEventsThanARequestTakes() {
    List<OutboxEvent> events =
        IntStream.range(0, 25).mapToObj(i -> event("wallet-" + i, 1)).toList();
    assertThat(broker(endpoint()).publish(events))
        .hasSize(25)
        .allMatch(Acknowledged.class::isInstance);
    assertThat(receive(25)).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  void keysThatNoServiceTakesAsTheNameOfAGroup() {
    List<OutboxEvent> events =
        List.of(event("with space", 1), event("写し", 1), event("k".repeat(2000), 1));
    assertThat(broker(endpoint()).publish(events)).allMatch(Acknowledged.class::isInstance);
    assertThat(receive(3)).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  void eventsOfAKeyKeepTheOrderOfTheCalls() {
    Broker broker = broker(endpoint());
    List<OutboxEvent> sent = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      sent.add(event("wallet", i));
      assertThat(broker.publish(List.of(sent.getLast()))).containsExactly(new Acknowledged());
    }
    List<OutboxEvent> received = receive(12);
    if (isOrdered()) {
      assertThat(received).isEqualTo(sent);
    } else {
      assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
    }
  }

  /** Returns a payload's size above the service's limit. */
  abstract int tooLarge();

  boolean isOrdered() {
    return true;
  }

  @Test
  void anEventThatIsRefusedForGoodDoesNotCountAgainstTheOthers() {
    OutboxEvent large =
        CloudEventsTest.event("large", 1, new byte[tooLarge()], "application/octet-stream");
    List<OutboxEvent> events = List.of(event("a", 1), large, event("b", 1));
    assertThat(broker(endpoint()).publish(events))
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(Acknowledged.class),
            second -> assertThat(second).isInstanceOf(Refused.class),
            third -> assertThat(third).isInstanceOf(Acknowledged.class));
    assertThat(receive(2)).extracting(event -> event.place().key()).contains("a", "b");
  }

  @Test
  void aBrokerThatIsAwayIsUnavailable() {
    Broker broker = broker(URI.create("http://127.0.0.1:9"));
    assertThat(broker.publish(List.of(event("a", 1), event("b", 1))))
        .hasSize(2)
        .allMatch(Unavailable.class::isInstance);
  }
}
