package dev.utsushi.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the engine was asked and what it answered, as the proxy saw it, and what must hold of that:
 * a version is applied once, never over a newer one, and no document is deleted.
 */
final class EngineWrites implements ProxyListener {
  private static final String DELETED = "deleted";

  /** What the engine says of a write that changed something. */
  private static final Set<String> CHANGED = Set.of("created", "updated", DELETED);

  /** A bulk request on its way, and where its documents stood for certain as it left. */
  private record Underway(List<BulkWrite> writes, List<String> stood) {}

  private final Map<Long, Underway> underway = new ConcurrentHashMap<>();
  private final Map<String, String> stands = new HashMap<>();
  private final Map<String, String> confirmed = new HashMap<>();
  private final Set<String> applied = new HashSet<>();
  private final ItemNames names;
  private final Journal journal;
  private final Findings findings;
  private long written;
  private long unchanged;
  private long failed;

  EngineWrites(ItemNames names, Journal journal, Findings findings) {
    this.names = names;
    this.journal = journal;
    this.findings = findings;
  }

  @Override
  public void forwarding(FaultProxy.Request request) {
    if (!BulkWrite.isBulk(request)) {
      return;
    }
    try {
      List<BulkWrite> writes = BulkWrite.of(request);
      synchronized (this) {
        underway.put(
            request.number(),
            new Underway(
                writes,
                writes.stream()
                    .map(write -> stands.getOrDefault(write.documentId(), ""))
                    .toList()));
      }
    } catch (IOException _) {
      findings.add(Finding.general("a bulk request that is not JSON"));
    }
  }

  @Override
  public void replied(FaultProxy.Request request, FaultProxy.Reply reply, boolean passedOn) {
    Underway sent = underway.remove(request.number());
    if (sent == null) {
      return;
    }
    try {
      JsonNode answers = SearchApi.parse(reply.body()).path("items");
      boolean answered = reply.status() == 200 && answers.size() == sent.writes().size();
      for (int i = 0; i < sent.writes().size(); i++) {
        JsonNode answer = answered ? answers.path(i).path("update") : answers;
        int status = answered ? answer.path("status").asInt() : reply.status();
        String result = answered ? answer.path("result").asText() : "";
        replied(sent.writes().get(i), sent.stood().get(i), status, result, passedOn);
      }
    } catch (IOException _) {
      sent.writes().forEach(write -> note(write, "answered with no JSON"));
    }
  }

  @Override
  public void unanswered(FaultProxy.Request request) {
    Underway sent = underway.remove(request.number());
    if (sent != null) {
      sent.writes().forEach(write -> note(write, "no answer from the engine"));
    }
  }

  private synchronized void replied(
      BulkWrite write, String stood, int status, String result, boolean passedOn) {
    note(write, status + " " + result + (passedOn ? "" : ", answer lost"));
    if (status / 100 != 2) {
      failed++;
      return;
    }
    if (CHANGED.contains(result)) {
      written++;
      judge(write, stood, result);
    } else {
      unchanged++;
    }
    stands.merge(write.documentId(), write.version(), EngineWrites::newer);
    if (passedOn) {
      confirmed.merge(write.documentId(), write.version(), EngineWrites::newer);
    }
  }

  private void judge(BulkWrite write, String stood, String result) {
    ItemName item = names.ofDocument(write.documentId());
    if (result.equals(DELETED)) {
      findings.add(Finding.about(item, "deleted without a tombstone: " + write.version()));
    }
    if (stood.compareTo(write.version()) > 0) {
      findings.add(Finding.about(item, "went back from " + stood + " to " + write.version()));
    }
    if (!write.refines() && !applied.add(write.documentId() + " " + write.version())) {
      findings.add(Finding.about(item, "applied twice: " + write.version()));
    }
  }

  private void note(BulkWrite write, String answer) {
    journal.item(names.ofDocument(write.documentId()), "engine   " + write.line() + ": " + answer);
  }

  /** Whether the function was told that the document stands at this version or a newer one. */
  synchronized boolean confirmed(ItemName item, String version) {
    return confirmed.getOrDefault(item.documentId(), "").compareTo(version) >= 0;
  }

  synchronized long written() {
    return written;
  }

  synchronized long unchanged() {
    return unchanged;
  }

  synchronized long failed() {
    return failed;
  }

  private static String newer(String left, String right) {
    return left.compareTo(right) >= 0 ? left : right;
  }
}
