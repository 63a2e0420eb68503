package dev.utsushi.run;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.document.ItemComparison;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexScan;
import dev.utsushi.core.index.IndexScan.IndexedDocument;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.run.Indexes.Side;
import dev.utsushi.run.SegmentWorker.PageException;
import dev.utsushi.run.TableReader.Item;
import dev.utsushi.run.TableReader.Page;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills the new index of a rebuild, beside the changes that go to both indexes.
 *
 * <p>A document keeps the version that it has in the old index, so that an older change that comes
 * late, as from a dead letter, does not win in the new one. That holds only for a document that
 * equals its item: of any other, a newer change is on its way, and the item gets the version below
 * every other.
 *
 * @param store has the end of the documents of a run
 */
public record Reindex(TableReader table, Indexes indexes, RunStore store) {
  private static final int TOMBSTONES = 500;

  /** Copies a page of items. */
  Segment items(Run run, Segment segment, @Nullable Integer limit, Deadline deadline)
      throws PageException, ReadException {
    Progress progress = new Progress();
    Page page = table.scan(run, segment, limit, progress);
    for (int target : indexes.rebuilt(deadline)) {
      Side old = indexes.side(target, Copy.OLD);
      List<Item> shown = old.shown(page.items(), progress);
      var documents = old.documents().find(shown.stream().map(Item::id).toList(), deadline);
      write(
          target,
          shown.stream().map(item -> write(old, item, documents.get(item.id()))).toList(),
          progress,
          deadline);
    }
    return segment.after(progress, page.next());
  }

  private static DocumentWrite write(Side index, Item item, @Nullable IndexedDocument document) {
    return document == null || document.version() == null || !equals(item, document)
        ? index.write(item, Version.BACKFILL, null, null)
        : index.write(item, new Version(document.version()), document.changedAt(), null);
  }

  private static boolean equals(Item item, IndexedDocument document) {
    return document.isVisible()
        && ItemComparison.differences(item.attributes(), document.source()).isEmpty();
  }

  /** Copies a page of tombstones. */
  Segment tombstones(Run run, Segment segment, Deadline deadline)
      throws PageException, ReadException {
    List<Side> all =
        indexes.rebuilt(deadline).stream().map(it -> indexes.side(it, Copy.OLD)).toList();
    Progress progress = new Progress();
    Optional<Side> index = DocumentRange.index(segment, all);
    if (index.isEmpty()) {
      return segment.after(progress, Map.of());
    }
    Side old = index.get();
    DocumentRange range = DocumentRange.of(run, segment, old, store, deadline);
    IndexScan.Page page =
        old.documents().page(true, range.from(), range.end(), TOMBSTONES, deadline);
    List<DocumentWrite> writes =
        old.documents().findVersions(page.ids(), deadline).values().stream()
            .filter(document -> document.isTombstone() && document.version() != null)
            .map(Reindex::tombstone)
            .toList();
    progress.count(Count.DOCUMENTS, page.ids().size());
    write(old.target(), writes, progress, deadline);
    return segment.after(progress, DocumentRange.cursor(old, page.next(), all));
  }

  private static DocumentWrite tombstone(IndexedDocument document) {
    Version version = new Version(Objects.requireNonNull(document.version()));
    var removal = new Change.Removal(Verification.NO_KEY, version, document.changedAt());
    return new DocumentWrite(document.id(), removal, null);
  }

  private void write(int target, List<DocumentWrite> writes, Progress progress, Deadline deadline)
      throws PageException {
    Backfill.count(
        writes, indexes.side(target, Copy.NEW).index().write(writes, deadline), progress);
  }
}
