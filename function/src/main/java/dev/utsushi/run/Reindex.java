package dev.utsushi.run;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.document.ItemComparison;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexScan;
import dev.utsushi.core.index.IndexScan.IndexedDocument;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.run.SegmentWorker.PageException;
import dev.utsushi.run.TableReader.Item;
import dev.utsushi.run.TableReader.Page;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fills the new index of a rebuild, beside the changes that go to both indexes.
 *
 * <p>A document keeps the version that it has in the old index, so that an older change that comes
 * late, as from a dead letter, does not win in the new one. That holds only for a document that
 * equals its item: of any other, a newer change is on its way, and the item gets the version below
 * every other.
 *
 * @param old reads the old index
 * @param rebuilt writes to the new index
 * @param store has the end of the documents of a run
 */
public record Reindex(TableReader table, IndexScan old, IndexWriter rebuilt, RunStore store) {
  private static final int TOMBSTONES = 500;

  /** Copies a page of items. */
  Segment items(Run run, Segment segment, @Nullable Integer limit, Deadline deadline)
      throws PageException, ReadException {
    Progress progress = new Progress();
    Page page = table.scan(run, segment, limit, progress);
    var documents = old.find(page.items().stream().map(Item::id).toList(), deadline);
    write(
        page.items().stream().map(item -> write(item, documents.get(item.id()))).toList(),
        progress,
        deadline);
    return segment.after(progress, page.next());
  }

  private static DocumentWrite write(Item item, @Nullable IndexedDocument document) {
    Change change =
        document == null || document.version() == null || !equals(item, document)
            ? new Change.Upsert(item.key(), Version.BACKFILL, null, item.attributes())
            : new Change.Upsert(
                item.key(),
                new Version(document.version()),
                document.changedAt(),
                item.attributes());
    return new DocumentWrite(item.id(), change, null);
  }

  private static boolean equals(Item item, IndexedDocument document) {
    return document.isVisible()
        && ItemComparison.differences(item.attributes(), document.source()).isEmpty();
  }

  /** Copies a page of tombstones. */
  Segment tombstones(Run run, Segment segment, Deadline deadline)
      throws PageException, ReadException {
    DocumentRange range = DocumentRange.of(run, segment, old, store, deadline);
    IndexScan.Page page = old.page(true, range.from(), range.end(), TOMBSTONES, deadline);
    List<DocumentWrite> writes =
        old.findVersions(page.ids(), deadline).values().stream()
            .filter(document -> document.isTombstone() && document.version() != null)
            .map(Reindex::tombstone)
            .toList();
    Progress progress = new Progress();
    progress.count(Count.DOCUMENTS, page.ids().size());
    write(writes, progress, deadline);
    return segment.after(progress, DocumentRange.cursor(page.next()));
  }

  private static DocumentWrite tombstone(IndexedDocument document) {
    Version version = new Version(Objects.requireNonNull(document.version()));
    var removal = new Change.Removal(Verification.NO_KEY, version, document.changedAt());
    return new DocumentWrite(document.id(), removal, null);
  }

  private void write(List<DocumentWrite> writes, Progress progress, Deadline deadline)
      throws PageException {
    Backfill.count(writes, rebuilt.write(writes, deadline), progress);
  }
}
