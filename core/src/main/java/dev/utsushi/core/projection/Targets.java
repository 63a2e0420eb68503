package dev.utsushi.core.projection;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.projection.Projection.Hidden;
import dev.utsushi.core.projection.Projection.Projected;
import dev.utsushi.core.projection.Projection.Unknown;
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

  private static final Hidden HIDDEN = new Hidden();

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
      switch (change instanceof Change.Upsert it ? projection.view(it.item()) : HIDDEN) {
        case Projected(var item, var collided) ->
            writes.add(new DocumentWrite(id, with(item, change), null, i, collided));
        case Unknown(String reason) ->
            writes.add(DocumentWrite.unknown(id, with(Map.of(), change), i, reason));
        case Hidden _ when mayHaveShown(projection, streamRecord) -> {
          var removal = new Change.Removal(change.key(), change.version(), change.changedAt());
          writes.add(new DocumentWrite(id, removal, null).to(i));
        }
        case Hidden _ -> {}
      }
    }
    return writes;
  }

  private static Change with(Map<String, Value> item, Change change) {
    return new Change.Upsert(change.key(), change.version(), change.changedAt(), item);
  }

  /**
   * Returns whether the index may have shown the item before the change. An item that was inserted
   * was not there, unless documents outlive their items. If nobody knows what it showed before, it
   * may have kept the document of an earlier change.
   */
  private boolean mayHaveShown(Projection projection, StreamRecord streamRecord) {
    if (!projection.chooses()) {
      return true;
    }
    return streamRecord.oldImage() == null
        ? keepsExpired || !"INSERT".equals(streamRecord.eventName())
        : !(projection.view(streamRecord.oldImage()) instanceof Hidden);
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
