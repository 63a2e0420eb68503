package dev.utsushi.outbox.relay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The poller as a Lambda function that a schedule invokes each minute, one at a time. Beside a
 * stream relay it returns as soon as nothing of what it saw is left; alone it looks until its time
 * is over.
 */
public final class PollerHandler implements RequestHandler<Map<String, Object>, String> {
  /** What a key's claim, publication and mark in flight may need to end. */
  private static final int MARGIN_MILLIS = 10_000;

  private final OutboxParts parts;
  private final Poller poller;

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.outbox.event.OutboxException with everything that is wrong with the
   *     settings
   */
  public PollerHandler() {
    this(System.getenv());
  }

  PollerHandler(Map<String, String> environment) {
    parts = OutboxParts.of(OutboxSettings.read(environment));
    poller = parts.poller();
  }

  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    Duration interval = parts.settings().interval();
    BooleanSupplier mayGoOn = () -> context.getRemainingTimeInMillis() > MARGIN_MILLIS;
    long before = parts.waves().count().published();
    try {
      boolean more = true;
      for (int looks = 0; more; looks++) {
        int remained = poller.look(mayGoOn);
        boolean idle = looks > 0 && remained == 0 && parts.settings().grace().isPositive();
        more = !idle && context.getRemainingTimeInMillis() > MARGIN_MILLIS + interval.toMillis();
        if (more) {
          Thread.sleep(interval);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "published " + (parts.waves().count().published() - before);
  }
}
