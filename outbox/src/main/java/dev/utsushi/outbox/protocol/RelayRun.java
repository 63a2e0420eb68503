package dev.utsushi.outbox.protocol;

import dev.utsushi.outbox.protocol.EventState.OnParked;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedCollection;
import java.util.TreeSet;

/**
 * The stream relay's work on one key: it publishes what the stream delivered, unless something
 * earlier is not published. It claims nothing. What it can't publish, it leaves to the poller.
 *
 * @param delivered what the stream delivered, in order
 * @param open what is to be published, in order; the step is about the first one
 */
public record RelayRun(Step step, List<Long> delivered, List<EventRow> open, OnParked onParked)
    implements KeyRun {

  /** Starts with the events that the stream delivered, in any order. */
  public static RelayRun of(SequencedCollection<Long> delivered, OnParked onParked) {
    var sorted = List.copyOf(new TreeSet<>(delivered));
    var read = new Step.ReadUpTo(sorted.getLast(), sorted.size() + 1);
    return new RelayRun(read, sorted, List.of(), onParked);
  }

  @Override
  public RelayRun after(Reply reply) {
    if (reply instanceof Reply.Failed) {
      return done();
    }
    return switch (step) {
      case Step.ReadUpTo(_, int most) when reply instanceof Reply.Rows(var rows) ->
          publishing(publishable(rows.reversed(), rows.size() < most));
      case Step.Publish(EventRow row) ->
          reply instanceof Reply.Acknowledged ? with(new Step.Mark(row.sequence()), open) : done();
      case Step.Mark _ when reply instanceof Reply.Noted ->
          publishing(open.subList(1, open.size()));
      case Step.ReadUpTo _, Step.ReadNext _, Step.Write _, Step.Mark _, Step.Done _ ->
          throw KeyRun.unexpected(step, reply);
    };
  }

  /**
   * Returns the delivered events that follow only on events that let them.
   *
   * @param rows oldest first
   * @param first whether the key has no row before these
   */
  private List<EventRow> publishable(List<EventRow> rows, boolean first) {
    List<EventRow> publishable = new ArrayList<>();
    if (!first && !rows.getFirst().state().lets(onParked)) {
      return publishable;
    }
    for (EventRow row : first ? rows : rows.subList(1, rows.size())) {
      if (delivered.contains(row.sequence()) && row.state().equals(EventState.Written.NEW)) {
        publishable.add(row);
      } else if (!row.state().lets(onParked)) {
        return publishable;
      }
    }
    return publishable;
  }

  private RelayRun publishing(List<EventRow> left) {
    return left.isEmpty() ? done() : with(new Step.Publish(left.getFirst()), left);
  }

  private RelayRun done() {
    return with(new Step.Done(), List.of());
  }

  private RelayRun with(Step next, List<EventRow> left) {
    return new RelayRun(next, delivered, left, onParked);
  }
}
