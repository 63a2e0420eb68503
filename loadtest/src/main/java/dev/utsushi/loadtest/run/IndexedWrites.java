package dev.utsushi.loadtest.run;

import static dev.utsushi.loadtest.run.DocumentSearch.WRITE_NUMBER;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads in the engine's replies which writes of a run are indexed, where no mapping tells. */
final class IndexedWrites implements ProxyListener {
  private static final int REFUSED = 300;

  /** The latest write of each document, by {@code _id}: a tombstone does not carry its number. */
  private final Map<String, Integer> latest = new ConcurrentHashMap<>();

  private volatile @Nullable RunRecorder recorder;

  void begin(RunRecorder of) {
    recorder = of;
  }

  void end() {
    recorder = null;
  }

  @Override
  public void replied(Request request, Reply reply, boolean passedOn) {
    RunRecorder run = recorder;
    if (run == null || !request.path().contains("/_bulk")) {
      return;
    }
    long now = run.now();
    try {
      Iterator<String> lines = request.body().lines().iterator();
      for (JsonNode item : SearchApi.parse(reply.body()).path("items")) {
        JsonNode action = SearchApi.parse(lines.next());
        JsonNode body = SearchApi.parse(lines.next());
        JsonNode document = action.has("create") ? body : body.at("/script/params/document");
        if (item.elements().next().path("status").asInt(REFUSED) < REFUSED) {
          indexed(run, action.elements().next().path("_id").asText(), document, now);
        }
      }
    } catch (IOException _) {
      // Not the reply of an engine: the worker tries again.
    }
  }

  private void indexed(RunRecorder run, String id, JsonNode document, long now) {
    int before = latest.getOrDefault(id, -1);
    boolean removal = document.path("_replication").path("deleted").asBoolean();
    int write = run.writeOf(removal ? before : document.path(WRITE_NUMBER).asInt(-1), removal);
    if (write >= 0) {
      latest.merge(id, write, Math::max);
      run.indexedUpTo(write, now);
    }
  }
}
