package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexStatus.Rebuild;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rebuilds an index beside the one that readers search: each step is one atomic change of aliases,
 * so that readers always search exactly one index, and writers always know how many there are.
 *
 * <p>Every method returns the status afterwards, with the cause if the step was not taken. A step
 * that was taken already changes nothing.
 */
public final class IndexRebuild {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOT_ALLOWED =
      "A deployed stream may change them while its settings have 'reindex: true'";
  private static final String REFUSES = "the engine refuses %s: ";
  private static final String UNCHANGED =
      ". Nothing was changed: mend that, deploy it, and start again";
  private static final String ERROR = "error.type,error.caused_by.type";

  /** Longer than the second of a change's two writes usually takes. */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(1);

  private final SearchClient client;
  private final IndexNames names;
  private final boolean keepsExpired;
  private final RefreshPause pause;
  private final IndexSetup setup;
  private final IndexInspector inspector;

  /**
   * Creates it. It connects to nothing yet.
   *
   * @param mapping what to create the new index with
   * @param keepsExpired whether the index has documents whose items have expired
   */
  public IndexRebuild(
      SearchClient client,
      IndexNames names,
      Mapping mapping,
      boolean keepsExpired,
      IndexWriter.Listener listener) {
    this.keepsExpired = keepsExpired;
    this.client = client;
    this.names = names;
    pause = new RefreshPause(client);
    setup = new IndexSetup(client, names, mapping, listener);
    inspector = new IndexInspector(client, names, mapping, listener);
  }

  /** Creates the new index, empty; from now on every change is written to both. */
  public IndexStatus start(Deadline deadline) {
    IndexStatus before = inspector.inspect(deadline);
    if (before.rebuild() != null) {
      return before;
    }
    if (before.state() != State.WRITABLE) {
      return before.cause() == null ? before.refused("there is no index yet") : before;
    }
    if (keepsExpired) {
      return before.refused(
          "the index keeps documents of expired items (UTSUSHI_TTL_DELETES), which are not in the"
              + " table: a rebuild would lose them");
    }
    if (!names.canBeRebuilt()) {
      return before.refused("the name of the index is too long for a rebuild: 245 bytes at most");
    }
    try {
      String from = only(deadline);
      String to = names.next(from);
      Optional<IndexStatus> obstacle = clear(before, to, deadline);
      if (obstacle.isPresent()) {
        return obstacle.get();
      }
      Optional<BulkReply> failure = setup.prepare(to, deadline);
      if (failure.isPresent()) {
        clear(before, to, deadline);
        return before.refused(cause(failure.get()) + UNCHANGED);
      }
      return change(
          before,
          List.of(
              remove(from, names.writer()),
              write(from, names.of(Copy.OLD)),
              write(to, names.of(Copy.NEW))),
          deadline);
    } catch (IOException | CredentialsException e) {
      return before.refused(BulkReply.failure(e).cause());
    }
  }

  /**
   * Deletes an index that has no document and no alias, as an attempt leaves it that was cut off:
   * it may have another mapping.
   *
   * @return why there can be no new index of this name; empty if there can
   */
  private Optional<IndexStatus> clear(IndexStatus before, String index, Deadline deadline)
      throws IOException {
    var found = IndexSetup.send(client, "GET", "/" + index, "", IndexSetup.CURRENT, deadline);
    if (found.status() == 404) {
      return mayNotChangeAliases(before, deadline);
    }
    if (documents(index, deadline) > 0) {
      return Optional.of(
          before.refused(
              "the index %s exists already and holds documents: delete or rename it"
                  .formatted(index)));
    }
    return IndexState.parse(found.body()).hasAliases()
        ? Optional.of(before.refused(IndexSetup.IN_USE.formatted(index)))
        : post(before, "/_aliases", actions(List.of(removeIndex(index))), deadline);
  }

  /** Asks for no change: a new index would be left behind if the change of aliases is denied. */
  private Optional<IndexStatus> mayNotChangeAliases(IndexStatus before, Deadline deadline)
      throws IOException {
    var reply = IndexSetup.send(client, "POST", "/_aliases", actions(List.of()), ERROR, deadline);
    return reply.status() == 403
        ? Optional.of(refused(before, "/_aliases", reply))
        : Optional.empty();
  }

  /** Readers search the new index from now on. */
  public IndexStatus cutOver(Deadline deadline) {
    return serve(true, deadline);
  }

  /** Readers search the old index from now on. */
  public IndexStatus rollBack(Deadline deadline) {
    return serve(false, deadline);
  }

  private IndexStatus serve(boolean rebuilt, Deadline deadline) {
    IndexStatus before = inspector.inspect(deadline);
    Rebuild rebuild = before.rebuild();
    if (rebuild == null || before.cause() != null) {
      return before.cause() == null ? before.refused("no rebuild is under way") : before;
    }
    // What an attempt that was cut off may have left.
    Optional<BulkReply.Failure> failure = pause.end(rebuild.other(), deadline);
    if (failure.isPresent()) {
      return before.refused(cause(failure.get()));
    }
    return rebuild.cutOver() == rebuilt ? before : serveOther(before, rebuild, deadline);
  }

  private IndexStatus serveOther(IndexStatus before, Rebuild rebuild, Deadline deadline) {
    String left = rebuild.serving();
    Optional<BulkReply.Failure> failure = pause.begin(left, deadline);
    if (failure.isPresent()) {
      return before.refused(cause(failure.get()));
    }
    IndexStatus after = moveReaders(before, rebuild, deadline);
    return pause
        .end(left, deadline)
        .map(
            it ->
                after.refused("%s is not refreshed: %s; do this again".formatted(left, it.cause())))
        .orElse(after);
  }

  /** Whatever readers have seen, the other index shows as well when they come to it. */
  private IndexStatus moveReaders(IndexStatus before, Rebuild rebuild, Deadline deadline) {
    if (rebuild.cutOver()) {
      awaitWritesToOld();
    }
    return post(before, "/" + rebuild.other() + "/_refresh", "", deadline)
        .orElseGet(
            () ->
                change(
                    before,
                    List.of(remove(rebuild.serving(), names.reader()), toReaders(rebuild.other())),
                    deadline));
  }

  /** A change that readers of the new index have seen may be on its way to the old one. */
  private static void awaitWritesToOld() {
    try {
      Thread.sleep(IN_FLIGHT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Object> toReaders(String index) {
    return Map.of(
        "add",
        Map.of(
            "index",
            index,
            "alias",
            names.reader(),
            "filter",
            Map.of("term", Map.of("_replication.deleted", false))));
  }

  /** Deletes the index that readers do not search. The other one is the only one from now on. */
  public IndexStatus finish(Deadline deadline) {
    IndexStatus before = inspector.inspect(deadline);
    Rebuild rebuild = before.rebuild();
    if (rebuild == null) {
      return before.cause() == null ? before.refused("no rebuild is under way") : before;
    }
    String kept = rebuild.serving();
    // A cut-over that was killed may have left the pause.
    Optional<BulkReply> failure =
        pause.end(kept, deadline).<BulkReply>map(it -> it).or(() -> setup.mark(kept, deadline));
    if (failure.isPresent()) {
      return before.refused(cause(failure.get()));
    }
    List<Map<String, Object>> actions = new ArrayList<>();
    actions.add(remove(kept, names.of(rebuild.cutOver() ? Copy.NEW : Copy.OLD).writer()));
    actions.add(write(kept, names));
    // Somebody may have deleted the index that had it.
    actions.add(toReaders(kept));
    if (!rebuild.other().isEmpty()) {
      actions.add(removeIndex(rebuild.other()));
    }
    return change(before, actions, deadline);
  }

  private IndexStatus change(
      IndexStatus before, List<Map<String, Object>> actions, Deadline deadline) {
    return post(before, "/_aliases", actions(actions), deadline)
        .orElseGet(() -> inspector.inspect(deadline));
  }

  /** Returns why the engine did not do it; empty if it did. */
  private Optional<IndexStatus> post(
      IndexStatus before, String path, String body, Deadline deadline) {
    try {
      var reply = IndexSetup.send(client, "POST", path, body, ERROR, deadline);
      return reply.status() == 200 ? Optional.empty() : Optional.of(refused(before, path, reply));
    } catch (IOException | CredentialsException e) {
      return Optional.of(before.refused(REFUSES.formatted(path) + BulkReply.failure(e).cause()));
    }
  }

  private static IndexStatus refused(IndexStatus before, String path, HttpReply reply) {
    var failure = BulkReply.failure(reply.status(), BulkReply.errorType(reply.body()));
    String advice = reply.status() == 403 ? ". " + NOT_ALLOWED : "";
    return before.refused(REFUSES.formatted(path) + failure.cause() + advice);
  }

  private static String actions(List<Map<String, Object>> actions) {
    return JSON.valueToTree(Map.of("actions", actions)).toString();
  }

  private static Map<String, Object> removeIndex(String index) {
    return Map.of("remove_index", Map.of("index", index));
  }

  private static Map<String, Object> remove(String index, String alias) {
    return Map.of("remove", Map.of("index", index, "alias", alias));
  }

  private static Map<String, Object> write(String index, IndexNames names) {
    return Map.of("add", Map.of("index", index, "alias", names.writer(), "is_write_index", true));
  }

  private String only(Deadline deadline) throws IOException {
    var reply =
        IndexSetup.send(client, "GET", "/" + names.writer(), "", IndexSetup.CURRENT, deadline);
    return IndexState.parse(reply.body()).name();
  }

  private long documents(String index, Deadline deadline) throws IOException {
    refresh(index, deadline);
    var reply = IndexSetup.send(client, "GET", "/" + index + "/_count", "", "count", deadline);
    JsonNode count = JSON.readTree(reply.body()).path("count");
    return count.asLong(1);
  }

  private void refresh(String index, Deadline deadline) throws IOException {
    IndexSetup.send(client, "POST", "/" + index + "/_refresh", "", ERROR, deadline);
  }

  private static String cause(BulkReply reply) {
    return reply instanceof BulkReply.Failure failure ? failure.cause() : "";
  }
}
