package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.CapturedWriter;
import dev.utsushi.core.deadletter.DeadLetter;
import dev.utsushi.lambda.StreamedTable.Streamed;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The two forms in which a failed batch can lie in the queue. */
enum Parked {
  AS_REFERENCE,
  CAPTURED;

  void park(DeadLetterWorld world, Streamed... batch) {
    switch (this) {
      case AS_REFERENCE -> world.queue.park(world.table.failure(batch));
      case CAPTURED ->
          assertThat(world.handlers.capture(false, world.table.failure(batch))).isEmpty();
    }
  }

  /** A message as capture writes it. */
  static String captured(String failure, String... records) {
    var reference = (DeadLetter.Reference) DeadLetter.parse(failure);
    List<String> bodies =
        new CapturedWriter(reference.failure(), Instant.now(), null).write(Arrays.asList(records));
    assertThat(bodies).hasSize(1);
    return bodies.getFirst();
  }
}
