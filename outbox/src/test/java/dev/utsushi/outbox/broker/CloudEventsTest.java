package dev.utsushi.outbox.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.event.OutboxEvent;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;

class CloudEventsTest {
  static OutboxEvent event(String key, long sequence, byte[] payload, String contentType) {
    return new OutboxEvent(
        "0193-" + key.hashCode() + "-" + sequence,
        "coins.bought",
        new EventKey(key, sequence),
        SdkBytes.fromByteArray(payload),
        contentType,
        Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        Instant.parse("2026-11-28T01:02:03.456Z"));
  }

  @Test
  void anEnvelopeIsACloudEvent() {
    byte[] json = "{\"coins\": 1.0}".getBytes(UTF_8);
    assertThat(new String(CloudEvents.write(event("ключ", 7, json, "application/json")), UTF_8))
        .isEqualTo(
            """
            {"specversion":"1.0","id":"0193-%d-7",\
            "source":"urn:utsushi:outbox","type":"coins.bought",\
            "subject":"\\u043A\\u043B\\u044E\\u0447","sequence":"7",\
            "time":"2026-11-28T01:02:03.456Z","datacontenttype":"application/json",\
            "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",\
            "data":{"coins": 1.0}}\
            """
                .formatted("ключ".hashCode()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": 1.0, \"b\":[ 12345678901234567890.10 ]}|application/json",
        "[]|application/vnd.x+json; charset=utf-8",
        "{} |application/json",
        "{}{}|application/json",
        "{\"a\":|application/json",
        "17|application/json",
        "\"x\"|application/json",
        "héllo \"wörld\" 写し|text/plain",
        "a\u0001b\uFFFF|text/plain",
        "{\"a\":\"\uFFFF\"}|application/json",
        "~~|text/plain"
      })
  void everyPayloadComesBackExactly(String payload, String contentType) {
    OutboxEvent event = event("k", 1, payload.getBytes(UTF_8), contentType);
    assertThat(CloudEvents.read(CloudEvents.write(event))).isEqualTo(event);
  }

  @Test
  void bytesThatAreNoTextComeBackExactly() {
    OutboxEvent event = event("k", 1, "ÿþ{".getBytes(ISO_8859_1), "application/json");
    assertThat(CloudEvents.read(CloudEvents.write(event))).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "{}", "{\"id\":\"1\"}"})
  void anythingElseIsNoEvent(String message) {
    assertThatThrownBy(() -> CloudEvents.read(message.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no CloudEvent");
  }
}
