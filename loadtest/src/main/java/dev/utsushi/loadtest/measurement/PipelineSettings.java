package dev.utsushi.loadtest.measurement;

import dev.utsushi.loadtest.units.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded parts' settings.
 *
 * @param factor parallelization factor
 * @param window batching window, in whole seconds
 * @param invocationOverhead a real wait before the handler of each invocation
 * @param leastInvocation what of it an invocation leaves is a real wait after its handler
 * @param searchRoundTrip a real wait before each request of the function to the engine
 */
public record PipelineSettings(
    int factor,
    int batchSize,
    Duration window,
    Duration invocationOverhead,
    Duration leastInvocation,
    Duration searchRoundTrip)
    implements TestedPipeline {

  /** No invocation with a request to the engine can be shorter. */
  public Duration shortestInvocation() {
    Duration waits = invocationOverhead.plus(searchRoundTrip);
    return waits.compareTo(leastInvocation) > 0 ? waits : leastInvocation;
  }

  /** The real waits, for people; each that there is. */
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
