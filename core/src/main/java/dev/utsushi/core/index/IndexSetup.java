package dev.utsushi.core.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.search.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SearchReply;
import dev.utsushi.core.search.SearchRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Makes sure that the index, its mapping and its two aliases are there. Any number of execution
 * environments may do it at once; each step can be repeated.
 *
 * <p>In the usual case it is one request: the write alias is added last, and the mapping carries
 * the digest of the file that it was made from.
 */
final class IndexSetup {
  private static final byte[] NO_BODY = {};
  private static final String ALREADY_THERE = "resource_already_exists_exception";

  private static final String ERROR = "error.type";
  private static final String STANDING = "error.type,*.aliases,*.mappings._meta.utsushi";

  /** What readers of the documents can rely on, whatever the stream's own mapping says. */
  private static final String REPLICATION_MAPPING =
      """
      {"_meta":{"utsushi":{"mapping":"%s"}},
       "properties":{"_replication":{"type":"object","dynamic":false,"properties":{
        "version":{"type":"keyword"},
        "deleted":{"type":"boolean"},
        "changedAt":{"type":"date"},
        "indexedAt":{"type":"date"},
        "overflow":{"type":"keyword","index":false,"doc_values":false}}}}}
      """;

  private static final String ALIASES =
      """
      {"actions":[
       {"add":{"index":"%s","alias":"%s","filter":{"term":{"_replication.deleted":false}}}},
       {"add":{"index":"%s","alias":"%s","is_write_index":true}}]}
      """;

  private final SearchClient client;
  private final IndexNames names;
  private final MappingFile mapping;
  private final WriteListener listener;

  IndexSetup(SearchClient client, IndexNames names, MappingFile mapping, WriteListener listener) {
    this.client = client;
    this.names = names;
    this.mapping = mapping;
    this.listener = listener;
  }

  /** Whether documents can be written. */
  sealed interface Result {
    /** They can. */
    record Ready() implements Result {}

    /** Not yet, or not until somebody changes something. */
    record NotReady(Reply failure) implements Result {}
  }

  Result ensure(Duration timeout) {
    try {
      SearchReply standing = send("GET", "/" + names.writer(), "", STANDING, timeout);
      return switch (standing.status()) {
        case 200 -> ensureCurrent(standing, timeout);
        case 404 -> create(timeout);
        default -> notReady("look for the index", standing);
      };
    } catch (IOException e) {
      return new Result.NotReady(new Reply.Unavailable(e.getClass().getSimpleName()));
    } catch (CredentialsException e) {
      return new Result.NotReady(new Reply.Refused(String.valueOf(e.getMessage())));
    }
  }

  private Result create(Duration timeout) throws IOException {
    SearchReply created = send("PUT", "/" + names.first(), mapping.createIndex(), ERROR, timeout);
    if (created.status() != 200 && !ReplyParser.errorType(created.body()).equals(ALREADY_THERE)) {
      return notReady("create " + names.first(), created);
    }
    Result marked = markMapping(names.first(), timeout);
    return marked instanceof Result.Ready ? addAliases(names.first(), timeout) : marked;
  }

  /** The index stands. Has somebody taken the readers' alias, or brought a new mapping? */
  private Result ensureCurrent(SearchReply standing, Duration timeout) throws IOException {
    Set<String> words = ReplyParser.words(standing.body());
    if (!words.contains(names.reader())) {
      Result added = addAliases(ReplyParser.firstName(standing.body()), timeout);
      if (added instanceof Result.NotReady) {
        return added;
      }
    }
    return words.contains(mapping.digest()) ? new Result.Ready() : updateMapping(timeout);
  }

  /**
   * A mapping that the standing index refuses is no reason to stop: the overflow holds the rest.
   */
  private Result updateMapping(Duration timeout) throws IOException {
    String path = "/" + names.writer() + "/_mapping";
    SearchReply updated = send("PUT", path, mapping.mappings(), ERROR, timeout);
    if (updated.status() == 400) {
      listener.mappingRefused(ReplyParser.errorType(updated.body()));
      return new Result.Ready();
    }
    return updated.status() == 200
        ? markMapping(names.writer(), timeout)
        : notReady("update the mapping of " + names.writer(), updated);
  }

  private Result markMapping(String index, Duration timeout) throws IOException {
    String body = REPLICATION_MAPPING.formatted(mapping.digest());
    SearchReply marked = send("PUT", "/" + index + "/_mapping", body, ERROR, timeout);
    return marked.status() == 200
        ? new Result.Ready()
        : notReady("map '_replication' in " + index, marked);
  }

  private Result addAliases(String index, Duration timeout) throws IOException {
    String body = ALIASES.formatted(index, names.reader(), index, names.writer());
    SearchReply added = send("POST", "/_aliases", body, ERROR, timeout);
    return added.status() == 200
        ? new Result.Ready()
        : notReady("add the aliases " + names.reader() + " and " + names.writer(), added);
  }

  private SearchReply send(String method, String path, String body, String filter, Duration timeout)
      throws IOException {
    byte[] bytes = body.isEmpty() ? NO_BODY : body.getBytes(UTF_8);
    return client.send(
        new SearchRequest(method, path, Map.of("filter_path", filter), bytes, timeout));
  }

  private static Result notReady(String step, SearchReply reply) {
    Reply failure = Replies.failure(reply.status(), ReplyParser.errorType(reply.body()));
    return new Result.NotReady(
        switch (failure) {
          case Reply.Unfit(String cause) -> new Reply.Refused("can't " + step + ": " + cause);
          case Reply.TooLarge(String cause) -> new Reply.Refused("can't " + step + ": " + cause);
          case Reply.Refused(String cause) -> new Reply.Refused("can't " + step + ": " + cause);
          case Reply.Unavailable _, Reply.Written _, Reply.Standing _ -> failure;
        });
  }
}
