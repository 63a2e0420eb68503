package dev.utsushi.core.index;

import dev.utsushi.core.index.BulkRequest.Update;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Retries what the engine could not take, for as long as the deadline allows. */
final class RetryingBulk {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final int MOST_DOUBLINGS = 20;

  /** Seeded at the first retry: seeded before a snapshot, all its copies would share one jitter. */
  static final RandomGenerator JITTER = () -> Seeded.RANDOM.nextLong();

  private final Channel channel;
  private final RandomGenerator random;
  private final IndexWriter.Listener listener;

  RetryingBulk(Channel channel, RandomGenerator random, IndexWriter.Listener listener) {
    this.channel = channel;
    this.random = random;
    this.listener = listener;
  }

  /** A way for updates to reach the engine. */
  @FunctionalInterface
  interface Channel {

    /**
     * Sends the updates, once.
     *
     * @param deadline bounds each request
     * @return one reply for each update, in the same order
     */
    List<BulkReply> send(List<Update> updates, Deadline deadline);
  }

  private static final class Seeded {
    static final RandomGenerator RANDOM = new SecureRandom();
  }

  List<BulkReply> send(List<Update> updates, Deadline deadline) {
    List<BulkReply> replies = channel.send(updates, deadline);
    for (int retry = 0; anyTemporary(replies); retry++) {
      if (!deadline.pause(pause(retry, random))) {
        return replies;
      }
      replies = sendAgain(updates, replies, deadline);
    }
    return replies;
  }

  /**
   * Returns the pause before the given retry, counted from zero: exponential back-off with <a
   * href="https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/">full
   * jitter</a>.
   */
  static Duration pause(int retry, RandomGenerator random) {
    long ceiling = FIRST_PAUSE_MILLIS << Math.min(retry, MOST_DOUBLINGS);
    return Duration.ofMillis(random.nextLong(Math.min(ceiling, LONGEST_PAUSE_MILLIS) + 1));
  }

  private List<BulkReply> sendAgain(
      List<Update> updates, List<BulkReply> replies, Deadline deadline) {
    List<Update> again = new ArrayList<>();
    String cause = "";
    for (int i = 0; i < updates.size(); i++) {
      if (replies.get(i) instanceof BulkReply.Temporary temporary) {
        cause = again.isEmpty() ? temporary.cause() : cause;
        again.add(updates.get(i));
      }
    }
    listener.retrying(again.size(), cause);
    var answers = channel.send(again, deadline).iterator();
    return replies.stream()
        .map(
            reply ->
                reply instanceof BulkReply.Temporary earlier
                    ? later(answers.next(), earlier, deadline)
                    : reply)
        .toList();
  }

  /** A retry that the deadline cut short knows less of the cause than the reply before it. */
  private static BulkReply later(BulkReply reply, BulkReply.Temporary earlier, Deadline deadline) {
    boolean cutShort = reply instanceof BulkReply.Unavailable && !deadline.remaining().isPositive();
    return cutShort ? earlier : reply;
  }

  private static boolean anyTemporary(List<BulkReply> replies) {
    return replies.stream().anyMatch(BulkReply.Temporary.class::isInstance);
  }
}
