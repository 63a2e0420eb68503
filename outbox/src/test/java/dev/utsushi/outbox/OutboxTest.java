package dev.utsushi.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.outbox.event.OutboxEvent;
import dev.utsushi.outbox.event.OutboxException;
import dev.utsushi.outbox.table.EventItems;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

class OutboxTest {
  private static final Instant NOW = Instant.parse("2026-11-28T01:02:03.456789Z");
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final Outbox outbox = Outbox.of("outbox", InstantSource.fixed(NOW), new Random(1));

  private static TransactWriteItemsRequest business(int items) {
    return TransactWriteItemsRequest.builder()
        .transactItems(IntStream.range(0, items).mapToObj(i -> item(10)).toList())
        .build();
  }

  private static TransactWriteItem item(int characters) {
    return TransactWriteItem.builder()
        .put(
            put ->
                put.tableName("wallets")
                    .item(Map.of("id", AttributeValue.fromS("a".repeat(characters)))))
        .build();
  }

  private static EventDraft event(long sequence) {
    return Outbox.event("coins.bought").key("wallet-1").sequence(sequence).json("{}");
  }

  @Test
  void addsTheEventBesideTheBusinessItems() {
    var request = outbox.add(business(1), event(7).traceparent(TRACE).header("tenant", "acme"));

    assertThat(request.transactItems()).hasSize(2);
    var put = request.transactItems().get(1).put();
    assertThat(put.tableName()).isEqualTo("outbox");
    assertThat(put.conditionExpression()).isEqualTo("attribute_not_exists(#key)");
    OutboxEvent event = EventItems.event(put.item());
    assertThat(event.topic()).isEqualTo("coins.bought");
    assertThat(event.place()).hasToString("wallet-1#7");
    assertThat(event.payload().asUtf8String()).isEqualTo("{}");
    assertThat(event.contentType()).isEqualTo("application/json");
    assertThat(event.headers())
        .containsExactlyInAnyOrderEntriesOf(Map.of("traceparent", TRACE, "tenant", "acme"));
    assertThat(event.createdAt()).isEqualTo(Instant.parse("2026-11-28T01:02:03.456Z"));
  }

  @Test
  void anIdIsAUuidOfVersion7WithTheTimeInFront() {
    var put = outbox.add(business(0), event(1)).transactItems().getFirst().put();
    UUID id = UUID.fromString(EventItems.event(put.item()).id());
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void refusesAnEventWithoutASequence() {
    refused(
        Outbox.event("coins.bought").key("wallet-1").json("{}"), "the sequence is missing: set it");
  }

  @Test
  void refusesAnEventWithoutAKey() {
    refused(Outbox.event("coins.bought").sequence(1).json("{}"), "a key takes 1 to 2,048 bytes");
  }

  @Test
  void refusesAKeyThatIsTooLong() {
    refused(event(1).key("鍵".repeat(700)), "a key takes 1 to 2,048 bytes");
  }

  @Test
  void refusesAnEventWithoutAPayload() {
    refused(Outbox.event("coins.bought").key("k").sequence(1), "the payload or its content type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void refusesABadTraceparent(String traceparent) {
    refused(event(1).traceparent(traceparent), "traceparent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "Tenant", "trace-id", "", "aaaaaaaaaaaaaaaaaaaaa"})
  void refusesAHeaderThatTheEnvelopeCanNotHave(String name) {
    refused(event(1).header(name, "x"), "a header's name");
  }

  @Test
  void refusesAnEventAboveTheItemLimit() {
    byte[] payload = "secret".repeat(70_000).getBytes(UTF_8);
    refused(event(1).payload(payload, "text/plain"), "DynamoDB takes 408,576: nothing was written");
  }

  @Test
  void takesAnEventJustBelowTheItemLimit() {
    byte[] payload = new byte[408_000];
    assertThat(outbox.add(business(0), event(1).payload(payload, "a/b")).transactItems())
        .hasSize(1);
  }

  @Test
  void refusesMoreThan100Items() {
    assertThat(outbox.add(business(99), event(1)).transactItems()).hasSize(100);
    assertThatThrownBy(() -> outbox.add(business(100), event(1)))
        .isInstanceOf(OutboxException.class)
        .hasMessage(
            "The transaction has 101 items with its events, DynamoDB takes 100: nothing was"
                + " written");
  }

  @Test
  void refusesMoreThan4Megabytes() {
    var eleven = TransactWriteItemsRequest.builder();
    eleven.transactItems(List.of(item(2_000_000), item(2_000_000)));
    byte[] payload = new byte[300_000];
    assertThatThrownBy(() -> outbox.add(eleven.build(), event(1).payload(payload, "a/b")))
        .isInstanceOf(OutboxException.class)
        .hasMessageContaining("DynamoDB takes 4,194,304");
  }

  @Test
  void refusesTwoEventsInOnePlace() {
    assertThatThrownBy(() -> outbox.add(business(1), event(1), event(1)))
        .isInstanceOf(OutboxException.class)
        .hasMessage("Two events have the place wallet-1#1, nothing was written");
  }

  private void refused(EventDraft draft, String problem) {
    assertThatThrownBy(() -> outbox.add(business(1), draft))
        .isInstanceOf(OutboxException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("nothing was written")
        .message()
        .doesNotContain("\n", "secret");
  }
}
