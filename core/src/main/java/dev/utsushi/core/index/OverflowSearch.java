package dev.utsushi.core.index;

import static java.util.Objects.requireNonNull;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.BulkRequest.Update;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the attributes that the mapping has no place for, by trial, so that only these go to the
 * overflow.
 *
 * <p>The engine alone knows: a copy of its mapping rules could never be complete, and its error
 * messages name fields in words that change. All refused documents of a batch are searched
 * together, a bulk request for each step. What a few of them teach saves the others the search, and
 * together with the mapping even the try.
 */
final class OverflowSearch {
  private static final int PIONEERS = 4;
  private static final int MOST_SUSPECTS = 256;

  private final RetryingBulk bulk;
  private final MappedFields mappedFields;

  /** Kinds of values that were refused, by attribute, oldest first. */
  private final Map<Suspect, Boolean> suspects =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Suspect, Boolean> eldest) {
          return size() > MOST_SUSPECTS;
        }
      };

  OverflowSearch(RetryingBulk bulk, MappedFields mappedFields) {
    this.bulk = bulk;
    this.mappedFields = mappedFields;
  }

  /** An attribute, and the type of the value that the index refused. */
  private record Suspect(String attribute, Class<? extends Value> type) {}

  /** Returns whether the index is likely to refuse one of these documents as it is. */
  boolean expectsRefusal(List<DocumentWrite> writes) {
    return mappedFields.isStrict()
        || (!suspects.isEmpty()
            && writes.stream().anyMatch(write -> !suspected(write.change()).isEmpty()));
  }

  /** Writes documents of which some are likely to be refused. */
  List<Outcome> write(List<DocumentWrite> writes, Deadline deadline) {
    if (writes.isEmpty()) {
      return List.of();
    }
    mappedFields.read(deadline);
    List<AttributeSearch> searches = writes.stream().map(this::start).toList();
    step(searches, deadline);
    finish(searches, deadline);
    return searches.stream().map(AttributeSearch::outcome).toList();
  }

  /** Writes documents that the engine refused as they are. */
  List<Outcome> writeRefused(List<Refused> refused, Deadline deadline) {
    mappedFields.read(deadline);
    int pioneers = Math.min(PIONEERS, refused.size());
    List<AttributeSearch> searches =
        refused.subList(0, pioneers).stream().map(this::startRefused).toList();
    finish(searches, deadline);
    List<Outcome> outcomes = new ArrayList<>(refused.size());
    searches.forEach(search -> outcomes.add(search.outcome()));
    var others = refused.subList(pioneers, refused.size());
    outcomes.addAll(write(others.stream().map(Refused::write).toList(), deadline));
    return outcomes;
  }

  /** A document that the engine refused, and the cause. */
  record Refused(DocumentWrite write, String cause) {}

  private AttributeSearch startRefused(Refused refused) {
    AttributeSearch search = start(refused.write());
    if (!mappedFields.isStrict()) {
      // With a strict mapping, what was refused held attributes that the search leaves out.
      search.refuseWhole(refused.cause());
    }
    return search;
  }

  private AttributeSearch start(DocumentWrite write) {
    List<String> suspected = suspected(write.change());
    Set<String> excluded = new HashSet<>(refused(suspected, write.change()));
    excluded.addAll(mappedFields.unmappable(AttributeSearch.attributes(write.change())));
    return new AttributeSearch(
        write, suspected, excluded, attributes -> sorted(attributes, write.change()));
  }

  /**
   * Returns the suspected attributes that need no try. If several others are left to try, these do
   * too: all can be tried in one request only if nothing else is left out.
   */
  private Set<String> refused(List<String> suspected, Change change) {
    if (!(change instanceof Change.Upsert(_, _, _, Map<String, Value> item))) {
      return Set.of();
    }
    Set<String> refused =
        suspected.stream()
            .filter(name -> mappedFields.refuses(name, requireNonNull(item.get(name))))
            .collect(Collectors.toSet());
    return suspected.size() - refused.size() > 1 ? Set.of() : refused;
  }

  private List<String> suspected(Change change) {
    return change instanceof Change.Upsert upsert
        ? upsert.item().entrySet().stream()
            .filter(attribute -> suspects.containsKey(suspect(attribute)))
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  private static Suspect suspect(Map.Entry<String, Value> attribute) {
    return new Suspect(attribute.getKey(), attribute.getValue().getClass());
  }

  /** Keys first, then what the mapping names, then the rest. */
  private List<String> sorted(List<String> attributes, Change change) {
    Predicate<String> isKey = name -> isKey(name, change);
    Predicate<String> isMapped = mappedFields::contains;
    return attributes.stream()
        .sorted(
            Comparator.comparing((String name) -> !isKey.test(name))
                .thenComparing(name -> !isMapped.test(name)))
        .collect(Collectors.toList());
  }

  /** By value: another attribute with the same value comes first, too, which does no harm. */
  private static boolean isKey(String name, Change change) {
    return change instanceof Change.Upsert upsert
        && (upsert.key().partition().equals(upsert.item().get(name))
            || (upsert.key().sort() != null
                && upsert.key().sort().equals(upsert.item().get(name))));
  }

  private void finish(List<AttributeSearch> searches, Deadline deadline) {
    for (var open = open(searches); !open.isEmpty(); open = open(open)) {
      step(open, deadline);
    }
    searches.forEach(this::learn);
  }

  private static List<AttributeSearch> open(List<AttributeSearch> searches) {
    return searches.stream().filter(AttributeSearch::isOpen).toList();
  }

  private void learn(AttributeSearch search) {
    if (search.write().change() instanceof Change.Upsert(_, _, _, Map<String, Value> item)) {
      search
          .refused()
          .forEach(
              name ->
                  suspects.put(new Suspect(name, requireNonNull(item.get(name)).getClass()), true));
    }
  }

  private void step(List<AttributeSearch> searches, Deadline deadline) {
    List<List<Update>> updates = searches.stream().map(AttributeSearch::updates).toList();
    List<BulkReply> replies = bulk.send(updates.stream().flatMap(List::stream).toList(), deadline);
    int from = 0;
    for (int i = 0; i < searches.size(); i++) {
      int to = from + updates.get(i).size();
      searches.get(i).take(replies.subList(from, to));
      from = to;
    }
  }
}
