package dev.utsushi.core.index;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The search for the attributes of one document that the mapping has no place for: what to send
 * next, and what the replies mean.
 *
 * <p>Each step is a few updates of the same document, which the engine handles in order. Whatever
 * it accepts is a complete document, because the overflow holds what is not a field. Until the last
 * step the document is marked unsettled, so that a redelivery of the change finishes a search that
 * broke off.
 */
final class AttributeSearch {
  private static final int FAN_OUT = 16;
  private static final int MOST_TRIES = 256;
  private static final int FEWEST_TRIES = 48;

  /** Each try sends the whole document. */
  private static final int MOST_ATTRIBUTES_SENT = 50_000;

  private static final int MOST_SINGLES = 8;

  private final DocumentWrite write;
  private final List<String> suspected;
  private final UnaryOperator<List<String>> order;

  /** In the overflow without a try: reserved names, and what the mapping surely refuses. */
  private final Set<String> excluded;

  private final Set<String> attributes;
  private final Set<String> fields = new LinkedHashSet<>();
  private final List<String> refused = new ArrayList<>();
  private Step step;
  private int tries;
  private @Nullable Outcome outcome;

  /**
   * Starts a search.
   *
   * @param suspected attributes of which the index refused such a value before
   * @param excluded attributes to leave in the overflow without a try
   * @param order puts the attributes first that should become fields first
   */
  AttributeSearch(
      DocumentWrite write,
      List<String> suspected,
      Set<String> excluded,
      UnaryOperator<List<String>> order) {
    this.write = write;
    this.order = order;
    this.excluded = new LinkedHashSet<>(write.reserved());
    this.excluded.addAll(excluded);
    this.attributes = new LinkedHashSet<>(attributes(write.change()));
    this.attributes.removeAll(this.excluded);
    this.suspected = suspected.stream().filter(attributes::contains).toList();
    this.step = new Step.Whole();
  }

  /** What was sent last. */
  private sealed interface Step {
    /** All attributes; and, in case the engine refuses that, all but the suspected ones. */
    record Whole() implements Step {}

    /**
     * Groups of attributes, each beside the known fields; before the first ones no field at all.
     */
    record Groups(List<List<String>> groups, boolean first) implements Step {}

    /** The known fields, to settle the document. */
    record Settle() implements Step {}
  }

  static Set<String> attributes(Change change) {
    return switch (change) {
      case Change.Upsert upsert -> upsert.item().keySet();
      case Change.Removal _ -> Set.of();
    };
  }

  boolean isOpen() {
    return outcome == null;
  }

  DocumentWrite write() {
    return write;
  }

  Outcome outcome() {
    return outcome == null ? new Outcome.Deferred("the search did not end") : outcome;
  }

  /** Attributes that the engine refused each alone. */
  List<String> refused() {
    return refused;
  }

  /** Goes on as if the engine had refused the whole document. */
  void refuseWhole(String cause) {
    divideAll(cause);
  }

  List<Update> updates() {
    return switch (step) {
      case Step.Whole _ -> whole();
      case Step.Groups(List<List<String>> groups, boolean first) -> {
        List<Update> updates = new ArrayList<>(groups.size() + 1);
        if (first) {
          updates.add(new Update(write, overflow(Set.of()), false, true));
        }
        groups.forEach(group -> updates.add(with(fields, group)));
        yield updates;
      }
      case Step.Settle _ -> List.of(new Update(write, overflow(fields), true, false));
    };
  }

  private List<Update> whole() {
    if (suspected.isEmpty()) {
      return List.of(new Update(write, overflow(attributes), false, false));
    }
    List<Update> updates = new ArrayList<>();
    updates.add(new Update(write, overflow(attributes), true, false));
    updates.add(new Update(write, overflow(unsuspected()), false, false));
    if (triesSingles()) {
      suspected.forEach(name -> updates.add(with(unsuspected(), List.of(name))));
    }
    return updates;
  }

  /**
   * Whether each of the suspected attributes is tried alone in the same request. A document with
   * reserved names has an overflow even as a whole: such a try could replace it.
   */
  private boolean triesSingles() {
    return suspected.size() > 1 && suspected.size() <= MOST_SINGLES && excluded.isEmpty();
  }

  private Set<String> unsuspected() {
    Set<String> names = new LinkedHashSet<>(attributes);
    suspected.forEach(names::remove);
    return names;
  }

  private Update with(Set<String> known, List<String> group) {
    Set<String> names = new HashSet<>(known);
    names.addAll(group);
    return new Update(write, overflow(names), true, true);
  }

  /** Returns the overflow of a document with these fields. */
  private Set<String> overflow(Set<String> names) {
    Set<String> overflow = new LinkedHashSet<>(attributes(write.change()));
    overflow.removeIf(name -> names.contains(name) && !excluded.contains(name));
    return overflow;
  }

  /** Takes the replies to {@link #updates()}, in their order. */
  void take(List<BulkReply> replies) {
    tries += replies.size();
    switch (step) {
      case Step.Whole _ -> takeWhole(replies);
      case Step.Groups(List<List<String>> groups, boolean first) -> {
        if (!first || takeBase(replies.getFirst())) {
          takeGroups(groups, first ? replies.subList(1, replies.size()) : replies);
        }
      }
      case Step.Settle _ -> takeSettled(replies.getFirst());
    }
  }

  private void takeWhole(List<BulkReply> replies) {
    switch (replies.getFirst()) {
      case BulkReply.Written _ -> applied(attributes);
      case BulkReply.Superseded _ -> outcome = new Outcome.Superseded();
      case BulkReply.Unfit(String cause) -> {
        if (suspected.isEmpty()) {
          divideAll(cause);
        } else {
          takeUnsuspected(replies.subList(1, replies.size()));
        }
      }
      case BulkReply.Failure failure -> outcome = failure.outcome();
    }
  }

  private void takeUnsuspected(List<BulkReply> replies) {
    switch (replies.getFirst()) {
      case BulkReply.Unfit(String cause) -> divideAll(cause);
      case BulkReply.Failure failure -> outcome = failure.outcome();
      // Written by an earlier delivery, or there is a newer one.
      case BulkReply.Superseded _ -> outcome = new Outcome.Superseded();
      case BulkReply.Written _ -> {
        fields.addAll(unsuspected());
        if (suspected.size() == 1) {
          applied(fields);
        } else if (triesSingles()) {
          takeGroups(suspected.stream().map(List::of).toList(), replies.subList(1, replies.size()));
        } else {
          step = new Step.Groups(split(suspected), false);
        }
      }
    }
  }

  private void divideAll(String cause) {
    if (attributes.isEmpty()) {
      // A tombstone, or nothing but reserved names: there is nothing to leave out.
      outcome = new Outcome.Rejected(cause);
      return;
    }
    step = new Step.Groups(split(order.apply(List.copyOf(attributes))), true);
  }

  private boolean takeBase(BulkReply reply) {
    switch (reply) {
      case BulkReply.Written _ -> {}
      case BulkReply.Superseded _ -> outcome = new Outcome.Superseded();
      case BulkReply.Failure failure -> outcome = failure.outcome();
    }
    return outcome == null;
  }

  private void takeGroups(List<List<String>> groups, List<BulkReply> replies) {
    List<List<String>> next = new ArrayList<>();
    int known = fields.size();
    for (int i = 0; i < groups.size() && outcome == null; i++) {
      List<String> group = groups.get(i);
      switch (replies.get(i)) {
        case BulkReply.Written _ -> fields.addAll(group);
        case BulkReply.Superseded _ -> outcome = new Outcome.Superseded();
        case BulkReply.Unfit _ -> {
          if (group.size() == 1) {
            refused.addAll(group);
          } else {
            next.addAll(split(group));
          }
        }
        case BulkReply.Failure failure -> outcome = failure.outcome();
      }
    }
    int left = Math.min(next.size(), Math.max(0, mostTries() - tries));
    if (left > 0) {
      step = new Step.Groups(next.subList(0, left), false);
    } else if (outcome == null && step instanceof Step.Whole && fields.size() == known) {
      applied(fields);
    } else {
      step = new Step.Settle();
    }
  }

  private int mostTries() {
    return Math.clamp(MOST_ATTRIBUTES_SENT / attributes.size(), FEWEST_TRIES, MOST_TRIES);
  }

  /** Attributes that fit each alone fit together, but for limits that count a whole document. */
  private void takeSettled(BulkReply reply) {
    switch (reply) {
      case BulkReply.Written _ -> applied(fields);
      case BulkReply.Superseded _ -> outcome = new Outcome.Superseded();
      case BulkReply.Unfit unfit when fields.isEmpty() -> outcome = unfit.outcome();
      case BulkReply.Unfit _ -> {
        List<String> fewer = List.copyOf(fields).subList(0, fields.size() / 2);
        fields.retainAll(Set.copyOf(fewer));
      }
      case BulkReply.Failure failure -> outcome = failure.outcome();
    }
  }

  private void applied(Set<String> names) {
    outcome = new Outcome.Applied(List.copyOf(overflow(names)));
  }

  private static List<List<String>> split(List<String> names) {
    int size = Math.ceilDiv(names.size(), FAN_OUT);
    List<List<String>> groups = new ArrayList<>();
    for (int from = 0; from < names.size(); from += size) {
      groups.add(names.subList(from, Math.min(names.size(), from + size)));
    }
    return groups;
  }
}
