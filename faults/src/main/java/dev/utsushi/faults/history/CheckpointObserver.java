package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.history.Operation.Checkpoint;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;

/**
 * Observes how far stream workers say that they have come: the checkpoints in their table of
 * leases, at the proxy in front of it.
 */
public record CheckpointObserver(History history) implements ProxyListener {
  private static final String SHARD_END = "SHARD_END";

  @Override
  public void forwarding(Request request) {
    if (!request.header("X-Amz-Target").endsWith(".UpdateItem")) {
      return;
    }
    try {
      JsonNode update = SearchApi.parse(request.body());
      String noted = update.at("/AttributeUpdates/checkpoint/Value/S").asText();
      String shard = update.at("/Key/leaseKey/S").asText();
      if (noted.equals(SHARD_END)) {
        history.append(new Checkpoint(shard, Checkpoint.END));
      } else if (isNumber(noted)) {
        String position = StreamObserver.padded("", noted);
        history.append(new Checkpoint(shard, position.substring(1)));
      }
    } catch (IOException e) {
      throw new ChaosException("a request to the table of leases is not JSON", e);
    }
  }

  /** A lease of which nothing is settled says where to begin. */
  private static boolean isNumber(String noted) {
    return !noted.isEmpty() && noted.chars().allMatch(Character::isDigit);
  }
}
