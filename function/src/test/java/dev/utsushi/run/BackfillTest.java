package dev.utsushi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.index.Outcome.Rejects;
import dev.utsushi.core.run.Segment;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.run.SegmentWorker.PageException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of a page, by the outcomes of its writes. */
final class BackfillTest {
  private static final Outcome APPLIED = new Outcome.Applied(List.of());

  @Test
  void oneRejectedDocumentIsLeftBehindAndTold() throws PageException {
    Segment counted = count(APPLIED, new Outcome.Rejected("status 413"));
    assertThat(counted.count(Count.WRITTEN)).isEqualTo(1);
    assertThat(counted.count(Count.REJECTED)).isEqualTo(1);
  }

  @Test
  void aPageWithARequestThatTheEngineDeniesIsTriedAgain() {
    var denied = new Outcome.Rejected("status 403", Rejects.EVERY_WRITE);
    assertThatThrownBy(() -> count(APPLIED, denied)).isInstanceOf(PageException.class);
  }

  @Test
  void aPageOfWhichTheEngineRejectsAllIsTriedAgain() {
    var rejected = new Outcome.Rejected("status 413");
    assertThatThrownBy(() -> count(rejected, rejected)).isInstanceOf(PageException.class);
  }

  private static Segment count(Outcome... outcomes) throws PageException {
    List<DocumentWrite> writes =
        Stream.of(outcomes)
            .map(_ -> new ItemKey(new Value.Text("a"), null))
            .map(key -> new Change.Upsert(key, Version.BACKFILL, null, Map.of()))
            .map(DocumentWrite::of)
            .toList();
    Progress progress = new Progress();
    Backfill.count(writes, List.of(outcomes), progress);
    return new Segment(0, 0, false, Map.of(), Map.of(), List.of(), null, null)
        .after(progress, Map.of());
  }
}
