package dev.utsushi.core.index;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.utsushi.core.index.BulkRequest.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes to several indexes: usually all in one bulk request. What an index does not simply take
 * (an attribute that does not fit, an alias that is gone) goes to the writer of that index alone,
 * which knows what to do; versions make the second try harmless.
 */
final class SeveralIndexesWriter implements IndexWriter {
  private final List<? extends IndexWriter> writers;
  private final @Nullable JointBulk joint;

  /**
   * Creates a writer.
   *
   * @param writers to each index
   * @param joint sends to all of them at once; null to ask each
   */
  SeveralIndexesWriter(List<? extends IndexWriter> writers, @Nullable JointBulk joint) {
    this.writers = writers;
    this.joint = joint;
  }

  @Override
  public List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    Map<Integer, List<Integer>> places =
        IntStream.range(0, writes.size())
            .boxed()
            .collect(groupingBy(at -> writes.get(at).target(), TreeMap::new, toList()));
    if (places.size() == 1) {
      return writers.get(writes.getFirst().target()).write(writes, deadline);
    }
    @Nullable Outcome[] outcomes = new Outcome[writes.size()];
    if (joint != null) {
      writeTogether(joint, places, writes, outcomes, deadline);
    }
    places.forEach(
        (target, all) -> {
          List<Integer> left = all.stream().filter(at -> outcomes[at] == null).toList();
          set(outcomes, left, writers.get(target).write(at(left, writes), deadline));
        });
    return Arrays.asList(outcomes);
  }

  private static void writeTogether(
      JointBulk joint,
      Map<Integer, List<Integer>> places,
      List<DocumentWrite> writes,
      @Nullable Outcome[] outcomes,
      Deadline deadline) {
    List<Integer> together = new ArrayList<>();
    places.forEach(
        (target, all) -> {
          if (joint.takes(target, at(all, writes))) {
            together.addAll(all);
          }
        });
    List<Update> updates = at(together, writes).stream().map(Update::first).toList();
    List<BulkReply> replies = updates.isEmpty() ? List.of() : joint.send(updates, deadline);
    for (int i = 0; i < replies.size(); i++) {
      outcomes[together.get(i)] = outcome(updates.get(i), replies.get(i));
    }
  }

  /** Returns the outcome; null if the index's own writer must find it. */
  private static @Nullable Outcome outcome(Update update, BulkReply reply) {
    return switch (reply) {
      case BulkReply.Unfit _, BulkReply.Missing _, BulkReply.Moved _ -> null;
      case BulkReply.Written _, BulkReply.Superseded _, BulkReply.Failure _ ->
          EngineWriter.outcome(update, reply);
    };
  }

  private static List<DocumentWrite> at(List<Integer> places, List<DocumentWrite> writes) {
    return places.stream().map(writes::get).toList();
  }

  private static void set(@Nullable Outcome[] outcomes, List<Integer> places, List<Outcome> found) {
    for (int i = 0; i < found.size(); i++) {
      outcomes[places.get(i)] = found.get(i);
    }
  }
}
