package dev.utsushi.run;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.index.Tombstones;
import dev.utsushi.core.index.Tombstones.Tombstone;
import dev.utsushi.core.index.Tombstones.TombstonePage;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.run.Indexes.Side;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Deletes tombstones that no older change can follow any more.
 *
 * <p>A page deletes what the page before found, and finds what the next one deletes. So what is
 * deleted is saved before: if the worker dies, the next one counts what is gone already.
 *
 * @param store has the end of the documents of a run
 */
public record TombstonePurge(Indexes indexes, RunStore store) {
  private static final String FROM = "from";
  private static final String END = "end";
  private static final String FOUND = "found";

  /** With ids of 512 bytes they take a third of an item of the table of runs. */
  private static final int TOMBSTONES = 200;

  /** Deletes a page of tombstones, and finds the next. */
  Segment page(Run run, Segment segment, Deadline deadline) throws ReadException {
    List<Side> all = indexes.only();
    Optional<Side> index = DocumentRange.index(segment, all);
    return index.isPresent()
        ? page(run, segment, index.get(), all, deadline)
        : segment.after(new Progress(), Map.of());
  }

  private Segment page(Run run, Segment segment, Side index, List<Side> all, Deadline deadline)
      throws ReadException {
    Tombstones tombstones = indexes.tombstones(index.target());
    Map<String, AttributeValue> cursor =
        segment.cursor().containsKey(FOUND)
            ? segment.cursor()
            : start(run, segment, index, deadline);
    Progress progress = new Progress();
    List<Tombstone> old = value(cursor, FOUND).l().stream().map(TombstonePurge::read).toList();
    progress.count(Count.PURGED, old.isEmpty() ? 0 : tombstones.delete(old, deadline));
    long from = Long.parseLong(value(cursor, FROM).n());
    long end = Long.parseLong(value(cursor, END).n());
    Instant before = run.startedAt().minus(run.settle());
    TombstonePage page = tombstones.page(from, end, before, TOMBSTONES, deadline);
    progress.count(Count.DOCUMENTS, page.tombstones().size());
    Long next = page.next();
    return segment.after(
        progress,
        page.tombstones().isEmpty()
            ? DocumentRange.cursorBehind(index, all)
            : DocumentRange.with(index, cursor(next == null ? end : next, end, page.tombstones())));
  }

  private Map<String, AttributeValue> start(Run run, Segment segment, Side index, Deadline deadline)
      throws ReadException {
    DocumentRange range = DocumentRange.of(run, segment, index, store, deadline);
    return cursor(range.from(), range.end(), List.of());
  }

  private static Map<String, AttributeValue> cursor(long from, long end, List<Tombstone> found) {
    return Map.of(
        FROM, AttributeValue.fromN(Long.toString(from)),
        END, AttributeValue.fromN(Long.toString(end)),
        FOUND, AttributeValue.fromL(found.stream().map(TombstonePurge::write).toList()));
  }

  private static AttributeValue write(Tombstone tombstone) {
    return AttributeValue.fromM(
        Map.of(
            "id", AttributeValue.fromS(tombstone.id()),
            "version", AttributeValue.fromS(tombstone.version()),
            "indexedAt", AttributeValue.fromS(tombstone.indexedAt())));
  }

  private static Tombstone read(AttributeValue value) {
    Map<String, AttributeValue> map = value.m();
    return new Tombstone(
        value(map, "id").s(), value(map, "version").s(), value(map, "indexedAt").s());
  }

  private static AttributeValue value(Map<String, AttributeValue> map, String name) {
    return Objects.requireNonNull(map.get(name));
  }
}
