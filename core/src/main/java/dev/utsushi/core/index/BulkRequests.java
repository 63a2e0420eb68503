package dev.utsushi.core.index;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.utsushi.core.search.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SearchReply;
import dev.utsushi.core.search.SearchRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Sends attempts as bulk requests, as few as the size of a request allows. */
final class BulkRequests implements BulkChannel {
  /** The smallest instances of Amazon OpenSearch Service refuse a request above 10 MiB. */
  private static final int LARGEST_BODY_BYTES = 8 << 20;

  private static final Map<String, String> PARAMETERS =
      Map.of("require_alias", "true", "filter_path", ReplyParser.FILTER);

  private final SearchClient client;
  private final String path;
  private final SerializableString script;
  private final InstantSource clock;

  /**
   * @param script what the engine is to do with each document
   */
  BulkRequests(SearchClient client, IndexNames names, String script, InstantSource clock) {
    this.client = client;
    this.path = "/" + names.writer() + "/_bulk";
    this.script = new SerializedString(script);
    this.clock = clock;
  }

  @Override
  public List<Reply> send(List<Attempt> attempts, Duration timeout) {
    List<Reply> replies = new ArrayList<>(attempts.size());
    int from = 0;
    while (from < attempts.size()) {
      BulkBody body = new BulkBody(script, clock.instant().truncatedTo(ChronoUnit.MILLIS));
      int to = from;
      while (to < attempts.size() && body.size() < LARGEST_BODY_BYTES) {
        body.add(attempts.get(to++));
      }
      replies.addAll(send(attempts.subList(from, to), body, timeout));
      from = to;
    }
    return replies;
  }

  private List<Reply> send(List<Attempt> attempts, BulkBody body, Duration timeout) {
    try {
      SearchReply reply =
          client.send(new SearchRequest("POST", path, PARAMETERS, body.toBytes(), timeout));
      if (reply.status() != 200) {
        return failed(
            attempts,
            Replies.failure(reply.status(), ReplyParser.errorType(reply.body())),
            timeout);
      }
      List<Reply> replies = ReplyParser.items(reply.body());
      return replies.size() == attempts.size()
          ? replies
          : all(attempts, new Reply.Unavailable("the engine's reply is not of this request"));
    } catch (IOException e) {
      return all(attempts, new Reply.Unavailable(e.getClass().getSimpleName()));
    } catch (CredentialsException e) {
      return all(attempts, new Reply.Refused(String.valueOf(e.getMessage())));
    }
  }

  /** The request failed as a whole. Where that may be one document's doing, the others must go. */
  private List<Reply> failed(List<Attempt> attempts, Reply failure, Duration timeout) {
    boolean divisible = failure instanceof Reply.TooLarge || failure instanceof Reply.Unfit;
    if (!divisible || attempts.size() == 1) {
      return all(attempts, failure);
    }
    int half = attempts.size() / 2;
    List<Reply> replies = new ArrayList<>(send(attempts.subList(0, half), timeout));
    replies.addAll(send(attempts.subList(half, attempts.size()), timeout));
    return replies;
  }

  private static List<Reply> all(List<Attempt> attempts, Reply reply) {
    return Collections.nCopies(attempts.size(), reply);
  }
}
