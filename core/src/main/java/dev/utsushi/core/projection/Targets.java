package dev.utsushi.core.projection;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.projection.Projection.Projected;
import dev.utsushi.core.record.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a change writes to each index of its table. An item that an index no longer shows is removed
 * from it.
 *
 * @param list the indexes, in the order of {@link DocumentWrite#target}
 * @param keys the attributes that every index shows
 * @param keepsExpired whether items that expired stay in the indexes
 */
public record Targets(List<Target> list, List<String> keys, boolean keepsExpired) {
  /** One index of whole items. */
  public static final Targets WHOLE = new Targets(List.of(), List.of(), false);

  /** Returns whether there is one index, of whole items. */
  public boolean isWhole() {
    return list.isEmpty() || (list.size() == 1 && list.getFirst().projection().isWhole());
  }

  /** Returns whether it matters what an item was before a change. */
  public boolean readsOldImages() {
    return list.stream().anyMatch(target -> target.projection().chooses());
  }

  /** Returns what a change writes, at most once to each index. */
  public List<DocumentWrite> writes(StreamRecord streamRecord, Change change) {
    if (isWhole()) {
      return List.of(DocumentWrite.of(change));
    }
    String id = DocumentId.of(change.key());
    List<DocumentWrite> writes = new ArrayList<>(1);
    for (int i = 0; i < list.size(); i++) {
      Projection projection = list.get(i).projection();
      if (change instanceof Change.Upsert upsert && projection.matches(upsert.item())) {
        writes.add(shown(i, id, upsert));
      } else if (mayHaveShown(projection, streamRecord)) {
        var removal = new Change.Removal(change.key(), change.version(), change.changedAt());
        writes.add(new DocumentWrite(id, removal, null).to(i));
      }
    }
    return writes;
  }

  private DocumentWrite shown(int target, String id, Change.Upsert upsert) {
    Projected projected = list.get(target).projection().of(upsert.item());
    var change =
        new Change.Upsert(upsert.key(), upsert.version(), upsert.changedAt(), projected.item());
    return new DocumentWrite(id, change, null, target, projected.collided());
  }

  /**
   * Returns whether the index may have shown the item before the change. An item that was inserted
   * was not there, unless documents outlive their items.
   */
  private boolean mayHaveShown(Projection projection, StreamRecord streamRecord) {
    if (!projection.chooses()) {
      return true;
    }
    return streamRecord.oldImage() == null
        ? keepsExpired || !"INSERT".equals(streamRecord.eventName())
        : projection.matches(streamRecord.oldImage());
  }

  /**
   * Returns the image without what no index shows of it, but with what decides which indexes show
   * it: as much as a dead letter needs.
   */
  public Map<String, Value> retained(Map<String, Value> image) {
    if (isWhole()) {
      return image;
    }
    Stream<Selection> shown = list.stream().map(each -> each.projection().retained(image));
    return Selection.either(Stream.concat(Stream.of(new Selection.Only(keys)), shown).toList())
        .of(image);
  }

  /** Returns the indexes by number. */
  public IntStream numbers() {
    return IntStream.range(0, list.size());
  }
}
