package dev.utsushi.faults.history;

import dev.utsushi.faults.history.Operation.PageRead;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;

/** Observes what the workers of a run read from the table, at the proxy. */
public record TableObserver(History history) implements ProxyListener {

  /** Whether the request reads a page of the table. */
  public static boolean isScan(Request request) {
    return request.body().contains("\"TotalSegments\"");
  }

  /** Whether the request saves the progress of a page. */
  public static boolean isSave(Request request) {
    return request.body().contains("#page");
  }

  @Override
  public void replied(Request request, Reply reply, boolean passedOn) {
    if (!isScan(request)) {
      return;
    }
    try {
      var capacity = SearchApi.parse(reply.body()).path("ConsumedCapacity");
      history.append(new PageRead(capacity.path("CapacityUnits").asDouble()));
    } catch (IOException e) {
      throw new ChaosException("the table's reply is not JSON", e);
    }
  }
}
