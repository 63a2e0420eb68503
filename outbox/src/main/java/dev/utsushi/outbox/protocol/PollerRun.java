package dev.utsushi.outbox.protocol;

import dev.utsushi.outbox.protocol.EventState.Discarded;
import dev.utsushi.outbox.protocol.EventState.Leased;
import dev.utsushi.outbox.protocol.EventState.Marked;
import dev.utsushi.outbox.protocol.EventState.OnParked;
import dev.utsushi.outbox.protocol.EventState.Parked;
import dev.utsushi.outbox.protocol.EventState.Waiting;
import dev.utsushi.outbox.protocol.EventState.Written;

/**
 * The poller's work on one key: it claims an event that has waited long enough, publishes it, and
 * goes on with the key's next one. It reads for a next one only after the mark, and the stream
 * relay passes over an event only if the one before is not marked: so one of the two sees it.
 *
 * @param observed the revision at which the first event had waited long enough
 * @param behind whether the last event was parked or waits, so that the next one has to wait
 */
public record PollerRun(Step step, long observed, Rules rules, boolean behind) implements KeyRun {

  /**
   * What an operator chose.
   *
   * @param mostRefusals after which an event is parked
   */
  public record Rules(int mostRefusals, OnParked onParked) {}

  /** Starts with an event that has waited long enough at this revision. */
  public static PollerRun of(long sequence, long revision, Rules rules) {
    return new PollerRun(new Step.ReadUpTo(sequence, 2), revision, rules, false);
  }

  @Override
  public PollerRun after(Reply reply) {
    if (reply instanceof Reply.Failed || reply instanceof Reply.Lost) {
      return with(new Step.Done());
    }
    return switch (step) {
      case Step.ReadUpTo(long sequence, _) when reply instanceof Reply.Rows(var rows) ->
          with(
              rows.isEmpty() || rows.getFirst().sequence() != sequence
                  ? new Step.Done()
                  : first(rows.getFirst(), rows.size() == 1 ? new Marked() : rows.get(1).state()));
      case Step.ReadNext _ when reply instanceof Reply.Rows(var rows) ->
          rows.isEmpty() ? with(new Step.Done()) : passing(rows.getFirst(), next(rows.getFirst()));
      case Step.Write _ when reply instanceof Reply.Wrote(EventRow row) ->
          passing(row, written(row));
      case Step.Publish(EventRow row) -> with(published(row, reply));
      case Step.Mark(long sequence) when reply instanceof Reply.Noted ->
          with(new Step.ReadNext(sequence));
      case Step.ReadUpTo _, Step.ReadNext _, Step.Write _, Step.Mark _, Step.Done _ ->
          throw KeyRun.unexpected(step, reply);
    };
  }

  /**
   * Decides about the first event.
   *
   * @param before the state of the event before it; as if marked if there is none
   */
  private Step first(EventRow row, EventState before) {
    return switch (row.state()) {
      case Marked _, Discarded _, Parked _ -> new Step.Done();
      case Written _, Leased _, Waiting _ when row.revision() != observed -> new Step.Done();
      case Written _, Leased _, Waiting _ when before.lets(rules.onParked()) -> claim(row);
      case Waiting _, Leased _ -> new Step.Done();
      case Written _ ->
          switch (before) {
            case Parked _, Waiting _ -> new Step.Write(row, new Waiting());
            case Written _, Leased _, Marked _, Discarded _ -> new Step.Done();
          };
    };
  }

  private Step next(EventRow row) {
    return switch (row.state()) {
      case Written _ -> behind ? new Step.Write(row, new Waiting()) : claim(row);
      case Waiting _ -> behind ? new Step.ReadNext(row.sequence()) : claim(row);
      case Marked _, Discarded _, Parked _ -> new Step.ReadNext(row.sequence());
      case Leased _ -> new Step.Done();
    };
  }

  private static Step claim(EventRow row) {
    return new Step.Write(row, row.state().claimed());
  }

  private Step written(EventRow row) {
    return switch (row.state()) {
      case Leased _ -> new Step.Publish(row);
      case Parked _, Waiting _ -> new Step.ReadNext(row.sequence());
      case Written _, Marked _, Discarded _ -> new Step.Done();
    };
  }

  private Step published(EventRow row, Reply reply) {
    if (!(row.state() instanceof Leased(int attempts, int refusals))) {
      throw KeyRun.unexpected(step, reply);
    }
    return switch (reply) {
      case Reply.Acknowledged() -> new Step.Mark(row.sequence());
      case Reply.Refused() -> new Step.Write(row, refused(attempts, refusals + 1));
      case Reply.Unavailable() -> new Step.Write(row, new Written(attempts, refusals));
      case Reply.Rows _, Reply.Wrote _, Reply.Lost _, Reply.Noted _, Reply.Failed _ ->
          throw KeyRun.unexpected(step, reply);
    };
  }

  private EventState refused(int attempts, int refusals) {
    return refusals >= rules.mostRefusals()
        ? new Parked(refusals)
        : new Written(attempts, refusals);
  }

  /** Notes whether the key's next event has to wait behind this one. */
  private PollerRun passing(EventRow row, Step next) {
    boolean waits =
        switch (row.state()) {
          case Parked _ -> rules.onParked() == EventState.OnParked.KEY_WAITS;
          case Waiting _ -> behind || step instanceof Step.Write;
          case Written _, Leased _ -> behind;
          case Marked _, Discarded _ -> false;
        };
    return new PollerRun(next, observed, rules, waits);
  }

  private PollerRun with(Step next) {
    return new PollerRun(next, observed, rules, behind);
  }
}
