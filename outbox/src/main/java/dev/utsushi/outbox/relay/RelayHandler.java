package dev.utsushi.outbox.relay;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.table.EventItems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The stream relay as a Lambda function on the outbox table's stream, with a parallelization factor
 * of 1. It reports no failed records: what it can't publish, the poller does.
 */
public final class RelayHandler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {
  /** What a wave in flight may need to end. */
  private static final int MARGIN_MILLIS = 5_000;

  private final OutboxParts parts;
  private final StreamRelay relay;

  /**
   * Creates the handler as Lambda does.
   *
   * @throws dev.utsushi.outbox.event.OutboxException with everything that is wrong with the
   *     settings
   */
  public RelayHandler() {
    this(System.getenv());
  }

  RelayHandler(Map<String, String> environment) {
    parts = OutboxParts.of(OutboxSettings.read(environment));
    relay = new StreamRelay(parts.waves(), parts.settings().rules().onParked());
  }

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    List<EventKey> delivered = new ArrayList<>();
    for (DynamodbStreamRecord each :
        event.getRecords() == null ? List.<DynamodbStreamRecord>of() : event.getRecords()) {
      // The mapping's filter passes nothing else; without it, marks would come back here.
      if (Objects.equals(each.getEventName(), "INSERT")) {
        var keys = each.getDynamodb().getKeys();
        delivered.add(
            new EventKey(
                requireNonNull(keys.get(EventItems.KEY)).getS(),
                Long.parseLong(requireNonNull(keys.get(EventItems.SEQUENCE)).getN())));
      }
    }
    try {
      relay.relay(delivered, () -> context.getRemainingTimeInMillis() > MARGIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new StreamsEventResponse(List.of());
  }
}
