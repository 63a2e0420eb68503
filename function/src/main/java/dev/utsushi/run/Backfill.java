package dev.utsushi.run;

import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.index.Outcome.Rejects;
import dev.utsushi.core.run.Run;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.run.Indexes.Side;
import dev.utsushi.run.SegmentWorker.PageException;
import dev.utsushi.run.TableReader.Item;
import dev.utsushi.run.TableReader.Page;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes items to the indexes that show them, with the version below every other: a change of the
 * stream wins, however late it comes, and what was removed stays removed.
 *
 * @param index writes to all of them
 */
public record Backfill(TableReader table, Indexes indexes, IndexWriter index) {
  /** How much time a page must have. */
  static final Duration NEEDS = Duration.ofSeconds(15);

  /** Writes a page of items. */
  Segment page(Run run, Segment segment, @Nullable Integer limit, Deadline deadline)
      throws PageException {
    Progress progress = new Progress();
    Page page = table.scan(run, segment, limit, progress);
    table.readAhead(run, segment, page);
    List<DocumentWrite> writes =
        indexes.only().stream()
            .flatMap(side -> writes(side, side.shown(page.items(), progress)))
            .toList();
    List<Outcome> outcomes = index.write(writes, deadline);
    count(writes, outcomes, progress);
    return segment.after(progress, page.next());
  }

  private static Stream<DocumentWrite> writes(Side index, List<Item> shown) {
    return shown.stream().map(item -> index.write(item, Version.BACKFILL, null, null));
  }

  /**
   * Counts the outcomes. One document that the engine rejects is told and left behind. If it
   * rejects all, or every write of one of the page's requests, the page is tried again.
   */
  static void count(List<DocumentWrite> writes, List<Outcome> outcomes, Progress progress)
      throws PageException {
    boolean allRejected =
        outcomes.size() > 1 && outcomes.stream().allMatch(Outcome.Rejected.class::isInstance);
    for (int i = 0; i < outcomes.size(); i++) {
      switch (outcomes.get(i)) {
        case Outcome.Applied(List<String> overflowed) -> {
          progress.count(Count.WRITTEN, 1);
          progress.count(Count.OVERFLOWED_ATTRIBUTES, overflowed.size());
        }
        case Outcome.Processed _ -> progress.count(Count.SUPERSEDED, 1);
        case Outcome.Rejected(String reason, Rejects what)
            when !allRejected && what == Rejects.THIS_WRITE ->
            progress.find(Count.REJECTED, writes.get(i).id(), reason);
        case Outcome.Failed failed ->
            throw new PageException(failed instanceof Outcome.Deferred, failed.reason());
      }
    }
  }
}
