package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.CapturedMessage;
import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.lambda.StreamedTable.Streamed;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The two forms of a failed batch in the dead-letter queue. */
enum Enqueued {
  AS_REFERENCE,
  CAPTURED;

  void send(DeadLetterWorld world, Streamed... batch) {
    switch (this) {
      case AS_REFERENCE -> world.queue.send(world.table.failure(batch));
      case CAPTURED ->
          assertThat(world.handlers.capture(false, world.table.failure(batch))).isEmpty();
    }
  }

  /** A message as capture writes it. */
  static String captured(String failure, String... records) {
    List<String> bodies =
        CapturedMessage.write(
            Failures.parse(failure),
            Instant.now(),
            null,
            Arrays.stream(records).map(RecordJson::read).toList());
    assertThat(bodies).hasSize(1);
    return bodies.getFirst();
  }
}
