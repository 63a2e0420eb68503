package dev.utsushi.core.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexStatus.Rebuild;
import dev.utsushi.core.index.IndexStatus.State;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says for an operator whether the index takes changes, and creates an index that was deleted. */
public final class IndexInspector {
  private static final JsonMapper JSON = new JsonMapper();

  /** It has the script that leaves every document as it is, so it writes nothing. */
  private static final List<Update> PROBE =
      Update.of(
          List.of(
              DocumentWrite.of(
                  new Change.Removal(
                      new ItemKey(new Value.Text("status"), null), Version.of("", "0"), null))));

  private final SearchClient client;
  private final IndexNames names;
  private final String table;
  private final IndexSetup setup;

  /**
   * Creates an inspector. It connects to nothing yet.
   *
   * @param mapping what to create a deleted index with
   */
  public IndexInspector(
      SearchClient client, IndexNames names, Mapping mapping, IndexWriter.Listener listener) {
    this.client = client;
    this.names = names;
    table = mapping.table();
    setup = new IndexSetup(client, names, mapping, listener);
  }

  /** Looks at the index, and writes nothing. */
  public IndexStatus inspect(Deadline deadline) {
    try {
      var index = send("GET", "/" + names.writer(), IndexSetup.CURRENT, deadline);
      if (index.status() == 404) {
        return missing(deadline);
      }
      if (index.status() != 200) {
        return notWritable(failure(index).cause());
      }
      IndexState state = IndexState.parse(index.body());
      return state
          .problem(table)
          .map(problem -> notWritable("the index " + state.name() + " " + problem))
          .orElseGet(() -> existing(names, null, deadline));
    } catch (IOException | CredentialsException e) {
      return unreachable(e);
    }
  }

  /**
   * Creates the index if it was deleted, empty and with its mapping and aliases.
   *
   * @return the status afterwards
   */
  public IndexStatus create(Deadline deadline) {
    IndexStatus before = inspect(deadline);
    if (before.state() != State.DELETED) {
      return before;
    }
    try {
      var removed = send("DELETE", names.markerPath(), "error.type", deadline);
      if (removed.status() != 200) {
        return notWritable("cannot delete " + names.markerPath() + ": " + failure(removed).cause());
      }
    } catch (IOException | CredentialsException e) {
      return unreachable(e);
    }
    Optional<BulkReply> failure = setup.ensure(deadline);
    return failure.isPresent() && failure.get() instanceof BulkReply.Failure problem
        ? notWritable(problem.cause())
        : inspect(deadline);
  }

  private IndexStatus missing(Deadline deadline) throws IOException {
    Optional<BulkReply.Failure> why = IndexSetup.whyMissing(client, names, deadline);
    if (why.isEmpty()) {
      return new IndexStatus(State.NOT_CREATED, null, 0L, 0L, null, null);
    }
    return switch (why.get()) {
      case BulkReply.Moved _ -> rebuilt(deadline);
      case BulkReply.Deleted(String index) ->
          IndexStatus.of(State.DELETED, "the index %s was deleted".formatted(index));
      case BulkReply.Failure failure -> notWritable(failure.cause());
    };
  }

  private IndexStatus rebuilt(Deadline deadline) throws IOException {
    Optional<IndexState> from = state(Copy.OLD, deadline);
    Optional<IndexState> to = state(Copy.NEW, deadline);
    Optional<String> other = to.or(() -> from).flatMap(it -> it.otherTable(table));
    if (other.isPresent()) {
      return notWritable("one of the indexes of the rebuild " + other.get());
    }
    boolean cutOver = from.isEmpty() || to.filter(it -> it.hasAlias(names.reader())).isPresent();
    Rebuild rebuild =
        new Rebuild(
            from.map(IndexState::name).orElse(""),
            to.map(IndexState::name).orElse(""),
            to.map(IndexState::uuid).orElse(""),
            cutOver,
            Stream.concat(from.stream(), to.stream())
                .filter(IndexState::isPaused)
                .map(IndexState::name)
                .findFirst()
                .orElse(null));
    IndexStatus status = existing(names.of(cutOver ? Copy.NEW : Copy.OLD), rebuild, deadline);
    return from.isEmpty() || to.isEmpty()
        ? new IndexStatus(
            State.NOT_WRITABLE,
            IndexSetup.ONE_GONE,
            status.documents(),
            status.tombstones(),
            status.newest(),
            rebuild)
        : status;
  }

  /** Returns one of the two indexes of a rebuild; empty if somebody deleted it. */
  private Optional<IndexState> state(Copy copy, Deadline deadline) throws IOException {
    var index = send("GET", "/" + names.of(copy).writer(), IndexSetup.CURRENT, deadline);
    if (index.status() == 404) {
      return Optional.empty();
    }
    if (index.status() != 200) {
      throw new IOException("status " + index.status());
    }
    return Optional.of(IndexState.parse(index.body()));
  }

  private IndexStatus existing(IndexNames names, @Nullable Rebuild rebuild, Deadline deadline) {
    BulkReply reply =
        new BulkClient(client, names, BulkRequest.NO_OP).send(PROBE, deadline).getFirst();
    Long documents = count(names.reader(), deadline);
    Long all = count(names.writer(), deadline);
    Long tombstones = documents == null || all == null ? null : (Long) (all - documents);
    return reply instanceof BulkReply.Failure failure
        ? new IndexStatus(State.NOT_WRITABLE, failure.cause(), documents, tombstones, null, rebuild)
        : new IndexStatus(
            State.WRITABLE, null, documents, tombstones, newest(names, deadline), rebuild);
  }

  private IndexStatus.@Nullable Newest newest(IndexNames names, Deadline deadline) {
    Map<String, String> parameters =
        Map.of(
            "size", "1",
            "sort", "_replication.indexedAt:desc",
            "_source_includes", "_replication.changedAt,_replication.indexedAt",
            "filter_path", "hits.hits._source");
    try {
      HttpReply reply =
          client.send(
              "GET",
              "/" + names.writer() + "/_search",
              parameters,
              new byte[0],
              deadline.requestTimeout());
      JsonNode found = JSON.readTree(reply.body()).at("/hits/hits/0/_source/_replication");
      return found.path("changedAt").isTextual()
          ? new IndexStatus.Newest(
              Instant.parse(found.path("changedAt").textValue()),
              Instant.parse(found.path("indexedAt").textValue()))
          : null;
    } catch (IOException | CredentialsException | DateTimeException e) {
      return null;
    }
  }

  private @Nullable Long count(String alias, Deadline deadline) {
    try {
      JsonNode reply =
          JSON.readTree(send("GET", "/" + alias + "/_count", "count", deadline).body());
      return reply.has("count") ? (Long) reply.path("count").longValue() : null;
    } catch (IOException | CredentialsException e) {
      return null;
    }
  }

  private HttpReply send(String method, String path, String filter, Deadline deadline)
      throws IOException {
    return IndexSetup.send(client, method, path, "", filter, deadline);
  }

  private static BulkReply.Failure failure(HttpReply reply) {
    return BulkReply.failure(reply.status(), BulkReply.errorType(reply.body()));
  }

  private static IndexStatus unreachable(Exception e) {
    String cause = BulkReply.failure(e).cause();
    return IndexStatus.of(
        State.UNREACHABLE,
        e instanceof IOException ? "the engine does not answer (" + cause + ")" : cause);
  }

  private static IndexStatus notWritable(String cause) {
    return IndexStatus.of(State.NOT_WRITABLE, cause);
  }
}
