package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.units.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The pipeline that a load test sends its traffic through. */
public sealed interface TestedPipeline {

  /** Returns the number of lanes that are observed; 0 for none. */
  default int lanes() {
    return 0;
  }

  /**
   * The embedded pipeline and its settings.
   *
   * @param factor parallelization factor
   * @param window batching window, in whole seconds
   * @param invocationOverhead a real wait before the handler of each invocation
   * @param leastInvocation a shorter invocation waits for the rest of it after its handler
   * @param kinesisShards shards of the Kinesis stream that is read; 0 for the table's own stream
   * @param searchRoundTrip a real wait before each request of the function to the engine
   * @param targets indexes, each of which shows the whole table
   */
  record Embedded(
      int factor,
      int kinesisShards,
      int batchSize,
      Duration window,
      Duration invocationOverhead,
      Duration leastInvocation,
      Duration searchRoundTrip,
      int targets)
      implements TestedPipeline {

    /** Returns the settings of a pipeline that waits for nothing. */
    public static Embedded withoutWaits(int factor, int kinesisShards, int batchSize) {
      Duration none = Duration.ZERO;
      return new Embedded(factor, kinesisShards, batchSize, none, none, none, none, 1);
    }

    @Override
    public int lanes() {
      return factor * Math.max(1, kinesisShards);
    }

    /** Returns the time that an invocation with a request to the engine takes at least. */
    public Duration shortestInvocation() {
      Duration waits = invocationOverhead.plus(searchRoundTrip);
      return waits.compareTo(leastInvocation) > 0 ? waits : leastInvocation;
    }

    /** Returns the real waits in words. */
    public String waits() {
      List<String> waits = new ArrayList<>();
      if (invocationOverhead.isPositive()) {
        waits.add("an invocation waits %s before its handler".formatted(text(invocationOverhead)));
      }
      if (leastInvocation.isPositive()) {
        waits.add("an invocation is filled up to %s".formatted(text(leastInvocation)));
      }
      if (searchRoundTrip.isPositive()) {
        waits.add("a request to the engine waits %s on its way".formatted(text(searchRoundTrip)));
      }
      return waits.isEmpty() ? "none" : String.join(", ", waits);
    }

    private static String text(Duration wait) {
      return DurationText.print(wait);
    }
  }

  /**
   * The embedded pipeline with a worker on the Kinesis Client Library in place of the function. It
   * has no invocations; a change was indexed when the engine's reply to its write passed a proxy.
   *
   * @param jars a directory with the worker's jars
   * @param writers lanes of a shard
   * @param kinesisShards shards of the Kinesis stream that is read; 0 for the table's own stream
   * @param searchRoundTrip a real wait before each request of the worker to the engine
   */
  record Worker(Path jars, int writers, int kinesisShards, int batchSize, Duration searchRoundTrip)
      implements TestedPipeline {}

  /**
   * A deployed stream. Its invocations are not observed; a change was indexed when its document
   * says so, by the function's clock.
   *
   * @param index the readers' alias
   * @param clocksApart how far this machine's clock and the function's are apart at least; zero if
   *     nothing shows it
   */
  record Deployed(String stack, String region, String index, Duration clocksApart)
      implements TestedPipeline {}
}
