package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes sure that the index, its mapping and its two aliases exist. Any number of execution
 * environments may do so at once, because each step can be repeated.
 *
 * <p>One request usually suffices: the write alias is added last, and the mapping carries the
 * digest of the file that it was made from.
 */
final class IndexSetup {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String ALREADY_EXISTS = "resource_already_exists_exception";
  private static final String ERROR = "error.type,error.reason,error.caused_by.reason";

  /** What {@link IndexState} needs to know. */
  static final String CURRENT =
      "error.type,*.aliases,*.settings.index.uuid,*.mappings._meta.utsushi,*.mappings._source,*.mappings._routing,"
          + "*.settings.index.default_pipeline,*.settings.index.final_pipeline,"
          + "*.settings.index.derived_source,*.settings.index.refresh_interval";

  /** What readers of the documents can rely on, whatever the stream's own mapping says. */
  private static final String REPLICATION_MAPPING =
      """
      {"_meta":{"utsushi":{"mapping":"%s"%s}},
       "properties":{"_replication":{"type":"object","dynamic":false,"properties":{
        "version":{"type":"keyword"},
        "deleted":{"type":"boolean"},
        "changedAt":{"type":"date"},
        "indexedAt":{"type":"date"},
        "overflow":{"type":"keyword","index":false,"doc_values":false},
        "overflowed":{"type":"keyword","ignore_above":256}}}}}
      """;

  /** Changes with {@link #REPLICATION_MAPPING}, and when indexes need another mark. */
  private static final int REPLICATION_REVISION = 3;

  private static final String READER_ALIAS =
      "{\"filter\":{\"term\":{\"_replication.deleted\":false}}}";

  private static final String WRITER_ALIAS = "{\"is_write_index\":true}";

  /** Outlives the index: a template that is part of none and changes no index. */
  private static final String MARKER =
      """
      {"template":{},"_meta":{"index":"%s","description":
       "Utsushi created the index that this is named after, and will not create it again."}}
      """;

  private static final String MARKED =
      ERROR + ",component_templates.component_template._meta.index";

  static final String IN_USE = "the index %s exists already and has an alias";

  private static final String MOVED = "a rebuild of the index has just begun or ended";

  static final String ONE_GONE =
      "one of the two indexes of a rebuild is gone. End the rebuild with 'utsushi reindex finish'";

  private static final String ALIAS_REMOVED =
      "the write alias is missing: somebody removed it. Add it again: PUT /%s/_alias/%s with %s";

  private final SearchClient client;
  private final IndexNames names;
  private final Mapping mapping;
  private final IndexWriter.Listener listener;
  private boolean ready;

  IndexSetup(
      SearchClient client, IndexNames names, Mapping mapping, IndexWriter.Listener listener) {
    this.client = client;
    this.names = names;
    this.mapping = mapping;
    this.listener = listener;
  }

  /** Some steps, one after the other. */
  @FunctionalInterface
  private interface Steps {
    void take(Run run) throws IOException;
  }

  /**
   * Does what is needed, once.
   *
   * @return why documents cannot be written yet; empty if they can
   */
  Optional<BulkReply> ensure(Deadline deadline) {
    Optional<BulkReply> failure = ready ? Optional.empty() : attempt(Run::run, deadline);
    ready = failure.isEmpty();
    return failure;
  }

  /**
   * Creates the index of a rebuild, without aliases.
   *
   * @return why it cannot be used; empty if it can
   */
  Optional<BulkReply> prepare(String index, Deadline deadline) {
    return attempt(
        run -> {
          if (run.create(index).hasAliases()) {
            throw new StepException(new BulkReply.Refused(IN_USE.formatted(index)));
          }
          run.markMapping(index, mapping.projection(), mapping.table());
        },
        deadline);
  }

  /**
   * Notes which index is the only one.
   *
   * @return why it could not; empty if it did
   */
  Optional<BulkReply> mark(String index, Deadline deadline) {
    return attempt(run -> run.mark(index), deadline);
  }

  private Optional<BulkReply> attempt(Steps steps, Deadline deadline) {
    try {
      steps.take(new Run(deadline));
      return Optional.empty();
    } catch (StepException e) {
      return Optional.of(e.failure);
    } catch (IOException | CredentialsException e) {
      return Optional.of(BulkReply.failure(e));
    }
  }

  /** Looks at the index again before the next write: it may have become unusable. */
  void lookAgain() {
    ready = false;
  }

  /** One pass over the steps. */
  private final class Run {
    private final Deadline deadline;

    Run(Deadline deadline) {
      this.deadline = deadline;
    }

    void run() throws IOException {
      var current = send("GET", "/" + names.writer(), "", CURRENT);
      if (current.status() == 404) {
        Optional<BulkReply.Failure> problem = whyMissing(client, names, deadline);
        if (problem.isPresent()) {
          throw new StepException(problem.get());
        }
        create();
      } else {
        check("look for the index", current);
        update(IndexState.parse(current.body()));
      }
    }

    /** Marks the index at last: without the mark another environment completes this. */
    private void create() throws IOException {
      create(names.first());
      addAlias(names.first(), names.reader(), READER_ALIAS);
      addAlias(names.first(), names.writer(), WRITER_ALIAS);
      mark(names.first());
      markMapping(names.first(), mapping.projection(), mapping.table());
    }

    private IndexState create(String index) throws IOException {
      var created = send("PUT", "/" + index, mapping.createIndex(), ERROR);
      if (!BulkReply.errorType(created.body()).equals(ALREADY_EXISTS)) {
        check("create " + index, created);
      }
      var current = send("GET", "/" + index, "", CURRENT);
      check("look at " + index, current);
      IndexState state = IndexState.parse(current.body());
      refuseUnusable(state);
      return state;
    }

    /** The index exists, but the readers' alias may be missing, or the mapping may be another. */
    private void update(IndexState current) throws IOException {
      refuseUnusable(current);
      if (names.copy() == Copy.ONLY && !current.hidesTombstones(names.reader())) {
        addAlias(current.name(), names.reader(), READER_ALIAS);
      }
      // Nobody writes to an index without the mark: another environment has not finished it.
      String projection =
          current.mappingDigest().isEmpty() ? mapping.projection() : current.projectionDigest();
      if (names.copy() != Copy.OLD && !digest().equals(current.mappingDigest())) {
        updateMapping(current, projection);
      } else if (names.copy() != Copy.OLD && !table(current).equals(current.table())) {
        markMapping(names.writer(), projection, table(current));
      }
      if (names.copy() == Copy.ONLY && !mapping.projection().equals(projection)) {
        listener.projectionDiffers();
      }
    }

    private void refuseUnusable(IndexState current) throws StepException {
      Optional<String> problem = current.problem(mapping.table());
      if (problem.isPresent()) {
        throw new StepException(
            new BulkReply.Unusable("the index " + current.name() + " " + problem.get()));
      }
    }

    /** Goes on if the index rejects the mapping: the overflow holds what does not fit. */
    private void updateMapping(IndexState current, String projection) throws IOException {
      String path = "/" + names.writer() + "/_mapping";
      var updated = send("PUT", path, mapping.mappings(), ERROR);
      if (updated.status() == 400) {
        listener.mappingRefused(BulkReply.errorType(updated.body()) + reasons(updated.body()));
        return;
      }
      check("update the mapping of " + names.writer(), updated);
      if (names.copy() == Copy.ONLY) {
        mark(current.name());
      }
      markMapping(names.writer(), projection, table(current));
    }

    private void mark(String index) throws IOException {
      String body = MARKER.formatted(index);
      check("add " + names.markerPath(), send("PUT", names.markerPath(), body, ERROR));
    }

    private String table(IndexState current) {
      return mapping.table().isEmpty() ? current.table() : mapping.table();
    }

    /** The engine replaces {@code _meta} as a whole. */
    private void markMapping(String index, String projection, String table) throws IOException {
      String more = member("projection", projection) + member("table", table);
      String body = REPLICATION_MAPPING.formatted(digest(), more);
      check("map '_replication' in " + index, send("PUT", "/" + index + "/_mapping", body, ERROR));
    }

    /** By path, not by a request whose body names the index: permissions are for paths. */
    private void addAlias(String index, String alias, String body) throws IOException {
      String path = "/" + index + "/_alias/" + alias;
      check("add the alias " + alias, send("PUT", path, body, ERROR));
    }

    private HttpReply send(String method, String path, String body, String filter)
        throws IOException {
      return IndexSetup.send(client, method, path, body, filter, deadline);
    }
  }

  /**
   * Looks why there is no write alias. An index that was there once and is not now must not come
   * back empty, and an alias that somebody removed may be on its way to another index.
   *
   * @return the problem; empty if the index was never there as a whole
   */
  static Optional<BulkReply.Failure> whyMissing(
      SearchClient client, IndexNames names, Deadline deadline) throws IOException {
    var marker = send(client, "GET", names.markerPath(), "", MARKED, deadline);
    if (marker.status() == 404) {
      return Optional.empty();
    }
    if (marker.status() != 200) {
      return Optional.of(BulkReply.failure(marker.status(), BulkReply.errorType(marker.body())));
    }
    if (exists(client, names.writer(), deadline)) {
      // Another execution environment created it since this one looked for the alias.
      return Optional.of(new BulkReply.Unavailable("the index has just been created"));
    }
    boolean only = names.copy() == Copy.ONLY;
    for (Copy other : Copy.values()) {
      if (exists(client, names.of(other).writer(), deadline)) {
        boolean moved = only || other == Copy.ONLY;
        return Optional.of(moved ? new BulkReply.Moved(MOVED) : new BulkReply.Refused(ONE_GONE));
      }
    }
    String index = markedIndex(marker.body(), names);
    return Optional.of(
        exists(client, index, deadline)
            ? new BulkReply.Refused(ALIAS_REMOVED.formatted(index, names.writer(), WRITER_ALIAS))
            : new BulkReply.Deleted(index));
  }

  private static boolean exists(SearchClient client, String index, Deadline deadline)
      throws IOException {
    return send(client, "GET", "/" + index, "", ERROR, deadline).status() != 404;
  }

  /** Returns the index that the marker names; a marker of an earlier version names none. */
  private static String markedIndex(byte[] marker, IndexNames names) throws IOException {
    try (JsonParser parser = JSON.createParser(marker)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING && parser.currentName().equals("index")) {
          return parser.getText();
        }
      }
    }
    return names.first();
  }

  static HttpReply send(
      SearchClient client,
      String method,
      String path,
      String body,
      String filter,
      Deadline deadline)
      throws IOException {
    Duration timeout = deadline.requestTimeout();
    return client.send(method, path, Map.of("filter_path", filter), body.getBytes(UTF_8), timeout);
  }

  /** Distinguishes the mapping, Utsushi's own fields included, from every other. */
  private String digest() {
    return mapping.digest() + '-' + REPLICATION_REVISION;
  }

  private static String member(String name, String value) {
    return value.isEmpty() ? "" : ",\"%s\":\"%s\"".formatted(name, value);
  }

  private static void check(String step, HttpReply reply) throws StepException {
    if (reply.status() != 200) {
      var failure = BulkReply.failure(reply.status(), BulkReply.errorType(reply.body()));
      throw new StepException(
          failure instanceof BulkReply.Unavailable
              ? failure
              : new BulkReply.Refused(
                  "cannot " + step + ": " + failure.cause() + reasons(reply.body())));
    }
  }

  /** Returns what the engine says of the operator's own mapping and settings, in parentheses. */
  private static String reasons(byte[] body) {
    Set<String> reasons = new LinkedHashSet<>();
    try (JsonParser parser = JSON.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING && parser.currentName().equals("reason")) {
          reasons.add(parser.getText());
        }
      }
    } catch (IOException e) {
      // Not the engine's JSON.
      return "";
    }
    String text = String.join(": ", reasons);
    String line = text.substring(0, Math.min(text.length(), 500)).replaceAll("\\s+", " ");
    return text.isEmpty() ? "" : " (" + line + ")";
  }

  /** A step failed, so the later ones must wait. */
  private static final class StepException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient BulkReply failure;

    StepException(BulkReply failure) {
      this.failure = failure;
    }
  }
}
