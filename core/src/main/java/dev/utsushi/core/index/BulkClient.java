package dev.utsushi.core.index;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.core.SerializableString;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.core.search.SearchClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Sends updates as bulk requests, as few as the size of a request allows. What may only create a
 * document, and finds one, is sent again to be compared with it.
 */
final class BulkClient implements RetryingBulk.Channel {
  /** The smallest instances of Amazon OpenSearch Service reject a request above 10 MiB. */
  private static final int LARGEST_BODY_BYTES = 8 << 20;

  private static final Map<String, String> PARAMETERS =
      Map.of("require_alias", "true", "filter_path", BulkReply.FILTER);

  private final SearchClient client;
  private final ToIntFunction<Update> target;
  private final List<String> writers;
  private final SerializableString script;
  private boolean oneIndexOnly;

  /**
   * Creates a client.
   *
   * @param script decides what the engine does with each document
   */
  BulkClient(SearchClient client, IndexNames names, SerializableString script) {
    this(client, List.of(names), script, _ -> 0);
  }

  private BulkClient(
      SearchClient client,
      List<IndexNames> names,
      SerializableString script,
      ToIntFunction<Update> target) {
    this.client = client;
    this.target = target;
    this.writers = names.stream().map(IndexNames::writer).toList();
    this.script = script;
  }

  /**
   * Creates a client that sends updates to several indexes in one request, which names them in its
   * body. If the engine refuses that, it sends a request to each.
   */
  static BulkClient ofSeveral(
      SearchClient client, List<IndexNames> names, SerializableString script) {
    return new BulkClient(client, names, script, update -> update.write().target());
  }

  @Override
  public List<BulkReply> send(List<Update> updates, Deadline deadline) {
    List<BulkReply> replies = sendOnce(updates, deadline);
    List<Update> exist = new ArrayList<>();
    for (int i = 0; i < updates.size(); i++) {
      if (replies.get(i) instanceof BulkReply.Exists) {
        exist.add(updates.get(i).compared());
      }
    }
    if (exist.isEmpty()) {
      return replies;
    }
    Iterator<BulkReply> compared = sendOnce(exist, deadline).iterator();
    return replies.stream()
        .map(reply -> reply instanceof BulkReply.Exists ? compared.next() : reply)
        .toList();
  }

  private List<BulkReply> sendOnce(List<Update> updates, Deadline deadline) {
    if (oneIndexOnly && isOfSeveral(updates)) {
      return sendToEach(updates, deadline);
    }
    List<BulkReply> replies = new ArrayList<>(updates.size());
    int from = 0;
    while (from < updates.size()) {
      BulkRequest request = new BulkRequest(script, Instant.now().truncatedTo(ChronoUnit.MILLIS));
      int to = from;
      while (to < updates.size() && request.size() < LARGEST_BODY_BYTES) {
        Update update = updates.get(to++);
        int own = target.applyAsInt(update);
        boolean isOfPath = own == target.applyAsInt(updates.get(from));
        request.add(update, isOfPath ? null : writers.get(own));
      }
      replies.addAll(send(updates.subList(from, to), request, deadline));
      from = to;
    }
    return replies;
  }

  private boolean isOfSeveral(List<Update> updates) {
    return updates.stream().mapToInt(target).distinct().limit(2).count() > 1;
  }

  private List<BulkReply> sendToEach(List<Update> updates, Deadline deadline) {
    Map<Integer, List<Update>> byTarget =
        updates.stream().collect(groupingBy(target::applyAsInt, TreeMap::new, toList()));
    Map<Integer, Iterator<BulkReply>> replies = new HashMap<>();
    byTarget.forEach((to, some) -> replies.put(to, sendOnce(some, deadline).iterator()));
    return updates.stream()
        .map(update -> requireNonNull(replies.get(target.applyAsInt(update))).next())
        .toList();
  }

  private List<BulkReply> send(List<Update> updates, BulkRequest request, Deadline deadline) {
    Duration timeout = deadline.requestTimeout();
    String path = "/" + writers.get(target.applyAsInt(updates.getFirst())) + "/_bulk";
    try {
      var reply = client.send("POST", path, PARAMETERS, request.toBytes(), timeout);
      if (reply.status() != 200) {
        var failure = BulkReply.failure(reply.status(), BulkReply.errorType(reply.body()));
        return failed(updates, failure, deadline);
      }
      List<BulkReply> replies = BulkReply.parse(reply.body());
      return replies.size() == updates.size()
          ? replies
          : all(
              updates, new BulkReply.Unavailable("the engine's reply does not match the request"));
    } catch (IOException | CredentialsException e) {
      return all(updates, BulkReply.failure(e));
    }
  }

  /** Splits a request that failed as a whole, if one document may be to blame. */
  private List<BulkReply> failed(
      List<Update> updates, BulkReply.Failure failure, Deadline deadline) {
    boolean divisible = failure instanceof BulkReply.TooLarge || failure instanceof BulkReply.Unfit;
    if (!divisible || updates.size() == 1) {
      return all(updates, failure);
    }
    if (failure instanceof BulkReply.Unfit && isOfSeveral(updates)) {
      // As a domain with rest.action.multi.allow_explicit_index: false does.
      oneIndexOnly = true;
      return sendToEach(updates, deadline);
    }
    int half = updates.size() / 2;
    List<BulkReply> replies = new ArrayList<>(sendOnce(updates.subList(0, half), deadline));
    replies.addAll(sendOnce(updates.subList(half, updates.size()), deadline));
    return replies;
  }

  private static List<BulkReply> all(List<Update> updates, BulkReply reply) {
    return Collections.nCopies(updates.size(), reply);
  }
}
