package dev.utsushi.run;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.document.ItemComparison;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexScan;
import dev.utsushi.core.index.IndexScan.IndexedDocument;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.index.Outcome.Rejects;
import dev.utsushi.core.projection.Projection.Hidden;
import dev.utsushi.core.projection.Projection.Projected;
import dev.utsushi.core.projection.Projection.Unknown;
import dev.utsushi.core.projection.Projection.View;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.core.telemetry.Metric;
import dev.utsushi.run.Indexes.Side;
import dev.utsushi.run.SegmentWorker.PageException;
import dev.utsushi.run.TableReader.Item;
import dev.utsushi.run.TableReader.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares items with documents, and documents with the table.
 *
 * <p>A difference counts only if it stands: the same item and the same document, for longer than a
 * change takes from the table to the index. A repair keeps the version that stands, so that it
 * never overtakes the stream.
 *
 * @param store has the end of the documents of a run
 * @param ttlDeletes with {@code KEEP}, documents stay without their items
 */
public record Verification(
    TableReader table, Indexes indexes, TtlDeletes ttlDeletes, RunStore store) {
  private static final int DOCUMENTS = 500;
  private static final Duration MARGIN = Duration.ofSeconds(15);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private static final Set<Count> DIFFERENCES =
      Set.of(Count.MISSING, Count.STALE, Count.TOMBSTONED, Count.GHOST);

  /** An item that changes all the time is looked at this many times the time that it takes. */
  private static final int MOST_SETTLE_TIMES = 3;

  /** Of a document that belongs to no item; what a removal leaves has no key. */
  static final ItemKey NO_KEY = new ItemKey(new Value.Text(""), null);

  /** Returns what a verification that is over found. */
  static Map<Metric, Long> figures(Run run) {
    long repaired = run.count(Count.REPAIRED);
    long busy = run.count(Count.BUSY);
    long drift = DIFFERENCES.stream().mapToLong(run::count).sum() - repaired;
    Map<Metric, Long> figures = new EnumMap<>(Metric.class);
    figures.put(Metric.REPAIRED, repaired);
    figures.put(Metric.NOT_COMPARED, busy);
    if (drift > 0 || busy == 0) {
      figures.put(Metric.DRIFT, drift);
    }
    return figures;
  }

  /** Returns how much time a page must have. */
  static Duration needs(Run run) {
    return run.settle().multipliedBy(MOST_SETTLE_TIMES).plus(MARGIN);
  }

  /**
   * Something to compare.
   *
   * @param key null for a document whose id no item of the table has
   * @param item what the index shows of it; null if there is none to show
   * @param known false if nobody knows what the index shows of it, which is no difference
   */
  private record Pair(
      Side index,
      String id,
      @Nullable ItemKey key,
      @Nullable Item item,
      @Nullable IndexedDocument document,
      boolean known) {

    Pair(
        Side index,
        String id,
        @Nullable ItemKey key,
        @Nullable Item item,
        @Nullable IndexedDocument document) {
      this(index, id, key, item, document, true);
    }

    /** Returns the pair with an item of the table, and without a document. */
    Pair with(@Nullable Item item) {
      View view = item == null ? new Hidden() : index.view(item);
      Item shown = item != null && view instanceof Projected it ? item.as(it) : null;
      return new Pair(index, id, key, shown, null, !(view instanceof Unknown));
    }

    Pair with(@Nullable IndexedDocument document) {
      return new Pair(index, id, key, item, document, known);
    }

    boolean isSame(Pair other) {
      return Objects.equals(item, other.item) && Objects.equals(document, other.document);
    }
  }

  /** A pair that differs. */
  private record Suspect(Pair pair, Instant firstSeen, Instant unchangedSince) {}

  /** What is different. */
  private record Difference(Count kind, String detail) {}

  /** Compares a page of items with their documents. */
  Segment items(Run run, Segment segment, @Nullable Integer limit, Deadline deadline)
      throws PageException, ReadException {
    Progress progress = new Progress();
    Page page = table.scan(run, segment, limit, progress);
    List<Pair> pairs = new ArrayList<>();
    for (Side index : compared(run, deadline)) {
      List<Item> shown = index.shown(page.items(), progress);
      var found = index.documents().find(shown.stream().map(Item::id).toList(), deadline);
      shown.forEach(
          item -> pairs.add(new Pair(index, item.id(), item.key(), item, found.get(item.id()))));
    }
    List<Pair> different = pairs.stream().filter(pair -> difference(pair) != null).toList();
    progress.count(Count.EQUAL, pairs.size() - different.size());
    settle(different, run, progress, deadline);
    return segment.after(progress, page.next());
  }

  /** Returns the indexes to compare: those that readers search, or those that a rebuild fills. */
  private List<Side> compared(Run run, Deadline deadline) throws PageException, ReadException {
    return run.kind() == Run.Kind.REINDEX
        ? indexes.rebuilt(deadline).stream().map(it -> indexes.side(it, Copy.NEW)).toList()
        : indexes.serving(deadline);
  }

  /** Compares a page of documents with the table: every one must have an item. */
  Segment documents(Run run, Segment segment, Deadline deadline)
      throws PageException, ReadException {
    Progress progress = new Progress();
    List<Side> all = ttlDeletes == TtlDeletes.KEEP ? List.of() : compared(run, deadline);
    Optional<Side> index = DocumentRange.index(segment, all);
    if (index.isEmpty()) {
      return segment.after(progress, Map.of());
    }
    Side side = index.get();
    DocumentRange range = DocumentRange.of(run, segment, side, store, deadline);
    IndexScan.Page page =
        side.documents().page(false, range.from(), range.end(), DOCUMENTS, deadline);
    progress.count(Count.DOCUMENTS, page.ids().size());
    settle(withoutItem(side, page.ids(), deadline), run, progress, deadline);
    return segment.after(progress, DocumentRange.cursor(side, page.next(), all));
  }

  private List<Pair> withoutItem(Side index, List<String> ids, Deadline deadline)
      throws ReadException {
    List<Pair> pairs = new ArrayList<>();
    for (String id : ids) {
      pairs.add(new Pair(index, id, key(index, id, deadline), null, null));
    }
    Set<String> existing = existing(index, keys(pairs));
    return look(pairs.stream().filter(pair -> !existing.contains(pair.id())).toList(), deadline)
        .stream()
        .filter(pair -> difference(pair) != null && pair.item() == null)
        .toList();
  }

  /** Returns the ids of those items that exist and that the index shows, or may show. */
  private Set<String> existing(Side index, List<ItemKey> keys) {
    return index.projection().chooses()
        ? table.get(keys).values().stream()
            .filter(item -> !(index.view(item) instanceof Hidden))
            .map(Item::id)
            .collect(Collectors.toSet())
        : table.existing(keys);
  }

  /** Returns the key that an item with this document would have; null if there can be none. */
  private @Nullable ItemKey key(Side index, String id, Deadline deadline) throws ReadException {
    Optional<ItemKey> key = DocumentId.parse(id);
    if (DocumentId.isShortened(id)) {
      IndexedDocument document = index.documents().find(List.of(id), deadline).get(id);
      key =
          document == null ? Optional.empty() : table.keyOf(document.source(), index.projection());
      key = key.filter(it -> DocumentId.of(it).equals(id));
    }
    return key.filter(table::canHold).orElse(null);
  }

  /** Reads the items of these pairs as they are now, and of their documents what is needed. */
  private List<Pair> look(List<Pair> pairs, Deadline deadline) throws ReadException {
    var items = table.get(keys(pairs));
    List<Pair> withItems = pairs.stream().map(pair -> pair.with(items.get(pair.id()))).toList();
    Map<Side, Map<String, IndexedDocument>> found = new HashMap<>();
    for (Side index : pairs.stream().map(Pair::index).distinct().toList()) {
      found.put(
          index,
          documents(
              withItems.stream().filter(it -> it.index().equals(index)).toList(), index, deadline));
    }
    return withItems.stream()
        .map(pair -> pair.with(Objects.requireNonNull(found.get(pair.index())).get(pair.id())))
        .toList();
  }

  private static Map<String, IndexedDocument> documents(
      List<Pair> pairs, Side index, Deadline deadline) throws ReadException {
    Map<String, IndexedDocument> found =
        new HashMap<>(index.documents().find(ids(pairs, true), deadline));
    // A page of documents that have no item to bound them can be larger than the memory.
    found.putAll(index.documents().findVersions(ids(pairs, false), deadline));
    return found;
  }

  private static List<String> ids(List<Pair> pairs, boolean withItem) {
    return pairs.stream().filter(pair -> (pair.item() != null) == withItem).map(Pair::id).toList();
  }

  private static List<ItemKey> keys(List<Pair> pairs) {
    return pairs.stream().map(Pair::key).filter(Objects::nonNull).distinct().toList();
  }

  /** Waits until each of these is equal, or differs for long enough. */
  private void settle(List<Pair> different, Run run, Progress progress, Deadline deadline)
      throws PageException, ReadException {
    Instant start = deadline.clock().instant();
    List<Suspect> suspects =
        different.stream().map(pair -> new Suspect(pair, start, start)).toList();
    List<Suspect> stand = new ArrayList<>();
    Duration pause = FIRST_PAUSE;
    while (!suspects.isEmpty()) {
      if (!deadline.pause(pause)) {
        throw new PageException(true, "no time left to compare again");
      }
      pause =
          run.settle().compareTo(pause.multipliedBy(2)) < 0 ? run.settle() : pause.multipliedBy(2);
      List<Pair> now = look(suspects.stream().map(Suspect::pair).toList(), deadline);
      suspects = undecided(suspects, now, run, stand, progress, deadline.clock().instant());
    }
    conclude(stand, run, progress, deadline);
  }

  private List<Suspect> undecided(
      List<Suspect> suspects,
      List<Pair> now,
      Run run,
      List<Suspect> stand,
      Progress progress,
      Instant time) {
    List<Suspect> left = new ArrayList<>();
    for (int i = 0; i < suspects.size(); i++) {
      Suspect suspect = suspects.get(i);
      Pair pair = now.get(i);
      if (difference(pair) == null) {
        progress.count(Count.EQUAL, pair.item() == null ? 0 : 1);
      } else if (!pair.isSame(suspect.pair())) {
        if (suspect
            .firstSeen()
            .plus(run.settle().multipliedBy(MOST_SETTLE_TIMES - 1L))
            .isAfter(time)) {
          left.add(new Suspect(pair, suspect.firstSeen(), time));
        } else {
          progress.count(Count.BUSY, 1);
        }
      } else if (!suspect.unchangedSince().plus(run.settle()).isAfter(time)) {
        stand.add(suspect);
      } else {
        left.add(suspect);
      }
    }
    return left;
  }

  private void conclude(List<Suspect> stand, Run run, Progress progress, Deadline deadline)
      throws PageException {
    Map<Side, List<DocumentWrite>> repairs = new LinkedHashMap<>();
    for (Suspect suspect : stand) {
      Pair pair = suspect.pair();
      Difference difference = Objects.requireNonNull(difference(pair));
      progress.find(difference.kind(), pair.id(), pair.index().detail(difference.detail()));
      if (run.repair()) {
        repairs.computeIfAbsent(pair.index(), _ -> new ArrayList<>()).add(repair(pair));
      }
    }
    for (var each : repairs.entrySet()) {
      repair(each.getKey(), each.getValue(), progress, deadline);
    }
  }

  private static void repair(
      Side index, List<DocumentWrite> repairs, Progress progress, Deadline deadline)
      throws PageException {
    List<Outcome> outcomes = index.index().write(repairs, deadline);
    for (int i = 0; i < outcomes.size(); i++) {
      switch (outcomes.get(i)) {
        case Outcome.Applied _ -> progress.count(Count.REPAIRED, 1);
        // It changed in this moment: the stream mends it, or the next verification finds it.
        case Outcome.Processed _ -> {}
        case Outcome.Rejected(String reason, Rejects what) when what == Rejects.THIS_WRITE ->
            progress.find(Count.REJECTED, repairs.get(i).id(), index.detail(reason));
        case Outcome.Failed failed ->
            throw new PageException(failed instanceof Outcome.Deferred, failed.reason());
      }
    }
  }

  private static DocumentWrite repair(Pair pair) {
    IndexedDocument document = pair.document();
    String standing = document == null ? null : document.version();
    Version version = standing == null ? Version.BACKFILL : new Version(standing);
    ItemKey key = pair.key();
    Item item = pair.item();
    Instant changedAt = document == null ? null : document.changedAt();
    String repairs = document == null ? null : document.indexedAt();
    return item == null
        ? new DocumentWrite(
            pair.id(), new Change.Removal(key == null ? NO_KEY : key, version, changedAt), repairs)
        : pair.index().write(item, version, changedAt, repairs);
  }

  /** Returns how item and document differ; null if they do not. */
  private @Nullable Difference difference(Pair pair) {
    Item item = pair.item();
    IndexedDocument document = pair.document();
    if (!pair.known()) {
      return null;
    }
    if (item == null) {
      return document == null || !document.isVisible() ? null : new Difference(Count.GHOST, "");
    }
    if (document == null) {
      return new Difference(Count.MISSING, "");
    }
    if (document.isTombstone()) {
      return new Difference(Count.TOMBSTONED, "");
    }
    List<String> names = ItemComparison.differences(item.attributes(), document.source());
    if (!document.isVisible() || document.version() == null) {
      return new Difference(Count.STALE, "_replication");
    }
    return names.isEmpty() ? null : new Difference(Count.STALE, detail(names));
  }

  private static String detail(List<String> names) {
    String text = String.join(", ", names);
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
