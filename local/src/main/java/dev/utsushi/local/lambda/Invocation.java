package dev.utsushi.local.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** One event on its way to the runtime; the deadline is what {@code Context} tells the handler. */
record Invocation(String requestId, Instant deadline, String payload) {

  byte[] payloadBytes() {
    return payload.getBytes(StandardCharsets.UTF_8);
  }
}
