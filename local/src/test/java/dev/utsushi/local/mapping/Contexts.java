package dev.utsushi.local.mapping;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.mapping.MappingContext.Backoff;
import dev.utsushi.local.stream.Records;
import dev.utsushi.local.stream.ScriptedStream;
import java.time.Duration;
import java.util.Random;

/** Contexts and batches for tests of a mapping's parts. */
final class Contexts {

  private Contexts() {}

  /** Returns a context without an on-failure queue or a listener, in real time. */
  static MappingContext context(Invocable function, EventSourceMappingSettings settings) {
    return MappingContext.of(ScriptedStream.ARN, function, settings)
        .withBackoff(backoff(Duration.ofMillis(1), Duration.ofMillis(1)));
  }

  static Backoff backoff(Duration first, Duration longest) {
    return new Backoff(first, longest, new Random(7));
  }

  static RecordBatch batch(int from, int to) {
    return new RecordBatch(Records.records(from, to));
  }
}
