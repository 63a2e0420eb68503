package dev.utsushi.core.index;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.document.DocumentWrite;
import dev.utsushi.core.document.DocumentWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which attributes of a refused document the mapping has no place for, so that only these
 * go to the overflow.
 *
 * <p>It asks the engine, by trying: no copy of its mapping rules here could ever be complete, and
 * its error messages name a field in words that change. A try that succeeds leaves a whole document
 * (what is not a field is in its overflow), so at no moment does a reader miss an attribute; each
 * later one only turns overflow into fields. Tries are bounded: what is not settled by then stays
 * in overflow.
 */
final class OverflowSearch {
  private static final int MOST_TRIES = 64;
  private static final int MOST_SUSPECTS = 256;

  private final RetryingBulk bulk;

  /** Attributes refused before, oldest first: most likely refused again, so left out first. */
  private final Map<String, Boolean> suspects =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_SUSPECTS;
        }
      };

  OverflowSearch(RetryingBulk bulk) {
    this.bulk = bulk;
  }

  /** Writes a document that was refused whole. */
  Outcome write(DocumentWrite write, String cause, Deadline deadline) {
    return switch (write.change()) {
      case Change.Upsert upsert -> new Search(write, upsert, deadline).run(cause);
      // Nothing of a tombstone can be left out.
      case Change.Removal _ -> new Outcome.Rejected(cause);
    };
  }

  /** The search for one document. */
  private final class Search {
    private final DocumentWrite write;
    private final Deadline deadline;
    private final List<String> attributes;
    private final Set<String> fields = new HashSet<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private int tries;

    /** Set by an answer that ends the search: anything but written or unfit. */
    private @Nullable Outcome ended;

    Search(DocumentWrite write, Change.Upsert upsert, Deadline deadline) {
      this.write = write;
      this.deadline = deadline;
      this.attributes =
          upsert.item().keySet().stream().filter(name -> !DocumentWriter.isReserved(name)).toList();
    }

    Outcome run(String cause) {
      List<String> unsuspected =
          attributes.stream().filter(name -> !suspects.containsKey(name)).toList();
      List<String> suspected = attributes.stream().filter(suspects::containsKey).toList();
      if (suspected.isEmpty()) {
        divide(attributes);
      } else {
        add(unsuspected);
        settleSuspected(suspected);
      }
      if (ended == null && fields.isEmpty() && !fits(List.of()) && ended == null) {
        ended = new Outcome.Rejected(cause);
      }
      if (ended != null) {
        return ended;
      }
      refused.forEach(name -> suspects.put(name, true));
      return new Outcome.Applied(List.copyOf(refused));
    }

    /** The whole was refused: where all but one attribute fit, that one is it. */
    private void settleSuspected(List<String> suspected) {
      if (suspected.size() == 1 && refused.isEmpty()) {
        refused.addAll(suspected);
      } else {
        add(suspected);
      }
    }

    /** Makes fields of as many of these attributes as the index takes. */
    private void add(List<String> group) {
      if (group.isEmpty() || ended != null) {
        return;
      }
      if (tries >= MOST_TRIES) {
        refused.addAll(group);
      } else if (fits(group)) {
        fields.addAll(group);
      } else {
        divide(group);
      }
    }

    /** These attributes were refused together. */
    private void divide(List<String> group) {
      if (ended != null) {
        return;
      }
      if (group.size() <= 1) {
        refused.addAll(group);
        return;
      }
      int half = group.size() / 2;
      int refusedBefore = refused.size();
      add(group.subList(0, half));
      List<String> rest = group.subList(half, group.size());
      if (refused.size() == refusedBefore) {
        // The first half fits, so that it's the second which does not: no need to ask.
        divide(rest);
      } else {
        add(rest);
      }
    }

    private boolean fits(List<String> group) {
      tries++;
      Set<String> overflow = new HashSet<>(attributes);
      overflow.removeAll(fields);
      group.forEach(overflow::remove);
      Attempt attempt = new Attempt(write, overflow, true);
      return switch (bulk.send(List.of(attempt), deadline).getFirst()) {
        case Reply.Written _ -> true;
        case Reply.Unfit _ -> false;
        case Reply.Standing _ -> end(new Outcome.Superseded());
        case Reply.Unavailable(String cause) -> end(new Outcome.Deferred(cause));
        case Reply.TooLarge(String cause) -> end(new Outcome.Rejected(cause));
        case Reply.Refused(String cause) -> end(new Outcome.Rejected(cause));
      };
    }

    private boolean end(Outcome outcome) {
      ended = outcome;
      return false;
    }
  }
}
