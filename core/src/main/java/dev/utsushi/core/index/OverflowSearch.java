package dev.utsushi.core.index;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the attributes that the mapping has no place for, by trial, so that only these go to the
 * overflow.
 *
 * <p>Only the engine knows: a copy of its mapping rules could never be complete, and its error
 * messages differ by version. A try that succeeds leaves a complete document (the overflow holds
 * what is not a field), so a reader never misses an attribute; each later try only turns overflow
 * into fields. The number of tries is bounded: the rest stays in the overflow.
 */
final class OverflowSearch {
  private static final int MOST_TRIES = 64;
  private static final int MOST_SUSPECTS = 256;

  private final RetryingBulk bulk;

  /** Attributes refused before, oldest first: the first to leave out the next time. */
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

  /** Writes a document that the engine refused. */
  Outcome write(DocumentWrite write, String cause, Deadline deadline) {
    return switch (write.change()) {
      case Change.Upsert upsert -> new Search(write, upsert, deadline).run(cause);
      // A tombstone has nothing to leave out.
      case Change.Removal _ -> new Outcome.Rejected(cause);
    };
  }

  /** The search for one document. */
  private final class Search {
    private final DocumentWrite write;
    private final Deadline deadline;
    private final Set<String> reserved;
    private final List<String> attributes;
    private final Set<String> fields = new HashSet<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private int tries;

    /** Set by a reply that ends the search: any but written and unfit. */
    private @Nullable Outcome ended;

    Search(DocumentWrite write, Change.Upsert upsert, Deadline deadline) {
      this.write = write;
      this.deadline = deadline;
      this.reserved = DocumentWriter.reservedNames(upsert);
      this.attributes =
          upsert.item().keySet().stream().filter(name -> !reserved.contains(name)).toList();
    }

    Outcome run(String cause) {
      List<String> unsuspected =
          attributes.stream().filter(name -> !suspects.containsKey(name)).toList();
      List<String> suspected = attributes.stream().filter(suspects::containsKey).toList();
      if (suspected.isEmpty()) {
        divide(attributes);
      } else {
        add(unsuspected);
        addSuspected(suspected);
      }
      if (ended == null && fields.isEmpty() && !fits(List.of()) && ended == null) {
        ended = new Outcome.Rejected(cause);
      }
      if (ended != null) {
        return ended;
      }
      refused.forEach(name -> suspects.put(name, true));
      return new Outcome.Applied(Stream.concat(reserved.stream(), refused.stream()).toList());
    }

    /** If all attributes but one fit, that one is the cause, since the whole item was refused. */
    private void addSuspected(List<String> suspected) {
      if (suspected.size() == 1 && refused.isEmpty()) {
        refused.addAll(suspected);
      } else {
        add(suspected);
      }
    }

    /** Turns as many of these attributes into fields as the index takes. */
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

    /** Searches attributes that were refused together. */
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
        // The first half fits, so the second one does not: no need to ask.
        divide(rest);
      } else {
        add(rest);
      }
    }

    private boolean fits(List<String> group) {
      tries++;
      Set<String> overflow = new HashSet<>(attributes);
      overflow.addAll(reserved);
      overflow.removeAll(fields);
      group.forEach(overflow::remove);
      Update update = new Update(write, overflow, true);
      return switch (bulk.send(List.of(update), deadline).getFirst()) {
        case BulkReply.Written _ -> true;
        case BulkReply.Unfit _ -> false;
        case BulkReply.Superseded _ -> end(new Outcome.Superseded());
        case BulkReply.Failure failure -> end(failure.outcome());
      };
    }

    private boolean end(Outcome outcome) {
      ended = outcome;
      return false;
    }
  }
}
