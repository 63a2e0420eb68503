package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.utsushi.faults.history.Operation.EngineReply;
import dev.utsushi.faults.history.Operation.EngineRequest;
import dev.utsushi.faults.history.Operation.EngineWrite;
import dev.utsushi.faults.history.Operation.Malfunction;
import dev.utsushi.faults.history.Operation.WriteReply;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Observes every bulk request to the engine and its reply, at the proxy. */
public final class EngineObserver implements ProxyListener {
  private final Map<Long, List<EngineWrite>> inFlight = new ConcurrentHashMap<>();
  private final History history;

  public EngineObserver(History history) {
    this.history = history;
  }

  /** Whether the request writes documents. */
  public static boolean isBulk(Request request) {
    return request.path().contains("/_bulk");
  }

  @Override
  public void forwarding(Request request) {
    if (!isBulk(request)) {
      return;
    }
    try {
      List<EngineWrite> writes = writes(request);
      inFlight.put(request.number(), writes);
      history.append(new EngineRequest(request.number(), writes));
    } catch (IOException _) {
      history.append(new Malfunction("a bulk request that is not JSON"));
    }
  }

  private static List<EngineWrite> writes(Request request) throws IOException {
    List<EngineWrite> writes = new ArrayList<>();
    for (Iterator<String> lines = request.body().lines().iterator(); lines.hasNext(); ) {
      String action = lines.next();
      if (!action.isBlank() && lines.hasNext()) {
        writes.add(write(request, SearchApi.parse(action), SearchApi.parse(lines.next())));
      }
    }
    return writes;
  }

  private static EngineWrite write(Request request, JsonNode action, JsonNode body) {
    JsonNode parameters = body.path("script").path("params");
    JsonNode document = action.has("create") ? body : parameters.path("document");
    JsonNode replication = document.path("_replication");
    String ofPath = request.path().substring(1, Math.max(1, request.path().indexOf("/_bulk")));
    String alias = first(action).path("_index").asText(ofPath);
    return new EngineWrite(
        alias.replaceFirst("-write$", ""),
        first(action).path("_id").asText(),
        replication.path("version").asText(),
        parameters.path("refines").asBoolean(),
        replication.path("unsettled").asBoolean(),
        replication.path("deleted").asBoolean());
  }

  /** Returns what is said of the only action: {@code update} or {@code create}. */
  private static JsonNode first(JsonNode action) {
    Iterator<JsonNode> values = action.elements();
    return values.hasNext() ? values.next() : MissingNode.getInstance();
  }

  @Override
  public void replied(Request request, Reply reply, boolean passedOn) {
    try {
      JsonNode items = SearchApi.parse(reply.body()).path("items");
      observe(request, items, reply.status(), passedOn);
    } catch (IOException _) {
      unanswered(request);
    }
  }

  @Override
  public void unanswered(Request request) {
    observe(request, MissingNode.getInstance(), 0, false);
  }

  /** A reply to the request as a whole is one to each of its writes. */
  private void observe(Request request, JsonNode items, int status, boolean received) {
    List<EngineWrite> writes = inFlight.remove(request.number());
    if (writes == null) {
      return;
    }
    List<WriteReply> replies = new ArrayList<>();
    for (EngineWrite write : writes) {
      JsonNode item = first(items.path(replies.size()));
      int itemStatus = item.path("status").asInt(status);
      replies.add(new WriteReply(write, itemStatus, item.path("result").asText()));
    }
    history.append(new EngineReply(request.number(), replies, received));
  }
}
