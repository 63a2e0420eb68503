package dev.utsushi.run;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexScan;
import dev.utsushi.core.index.IndexScan.ReadException;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.IndexWriter.Listener;
import dev.utsushi.core.index.Tombstones;
import dev.utsushi.core.projection.Projection;
import dev.utsushi.core.projection.Projection.Hidden;
import dev.utsushi.core.projection.Projection.Projected;
import dev.utsushi.core.projection.Projection.Unknown;
import dev.utsushi.core.projection.Projection.View;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Progress;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.run.SegmentWorker.PageException;
import dev.utsushi.run.TableReader.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The indexes of a table, as runs read and write them. */
public final class Indexes {
  private final SearchClient client;
  private final List<Target> targets;
  private final IntFunction<Listener> listeners;

  /** By number. Each is kept, since a writer learns of its index. */
  private final List<Map<Copy, Side>> sides = new ArrayList<>();

  /**
   * Creates them. It connects to nothing yet.
   *
   * @param listeners one for each
   */
  public Indexes(SearchClient client, List<Target> targets, IntFunction<Listener> listeners) {
    this.client = client;
    this.targets = targets;
    this.listeners = listeners;
    targets.forEach(_ -> sides.add(new EnumMap<>(Copy.class)));
  }

  /**
   * One index of a table: while it is rebuilt there are two for the same readers.
   *
   * @param name the readers' alias if the table has several indexes; otherwise empty
   */
  record Side(
      int target, String name, Projection projection, IndexScan documents, IndexWriter index) {

    /**
     * Returns what the index shows of items, those that it shows. An item of which nobody knows
     * that is a finding.
     */
    List<Item> shown(List<Item> items, Progress progress) {
      List<Item> shown = new ArrayList<>();
      for (Item item : items) {
        switch (view(item)) {
          case Projected projected -> shown.add(item.as(projected));
          case Hidden _ -> {}
          case Unknown(String reason) -> progress.find(Count.REJECTED, item.id(), detail(reason));
        }
      }
      return shown;
    }

    /** Returns what the index shows of an item. */
    View view(Item item) {
      return projection.isWhole()
          ? new Projected(item.attributes(), Set.of())
          : projection.view(item.attributes());
    }

    /** Returns the write of an item that {@link #shown} returned. */
    DocumentWrite write(
        Item item, Version version, @Nullable Instant changedAt, @Nullable String repairs) {
      var change = new Change.Upsert(item.key(), version, changedAt, item.attributes());
      return new DocumentWrite(item.id(), change, repairs, target, item.collided());
    }

    /** Returns what to report of a document of this index. */
    String detail(String what) {
      return name.isEmpty() || what.isEmpty() ? name + what : name + ": " + what;
    }
  }

  Side side(int target, Copy copy) {
    return sides.get(target).computeIfAbsent(copy, _ -> create(target, copy));
  }

  private Side create(int target, Copy copy) {
    Target settings = targets.get(target);
    IndexNames names = settings.index().of(copy);
    return new Side(
        target,
        targets.size() > 1 ? names.reader() : "",
        settings.projection(),
        new IndexScan(client, names),
        IndexWriter.toOne(client, names, settings.mapping(), listeners.apply(target)));
  }

  Tombstones tombstones(int target) {
    return new Tombstones(client, targets.get(target).index(), listeners.apply(target));
  }

  /** Returns each index that there is only one of, whether or not there is. */
  List<Side> only() {
    return IntStream.range(0, targets.size()).mapToObj(it -> side(it, Copy.ONLY)).toList();
  }

  /** Returns the indexes that readers search. */
  List<Side> serving(Deadline deadline) throws ReadException {
    List<Side> serving = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      serving.add(side(i, copy(i, deadline)));
    }
    return serving;
  }

  /** Returns the numbers of the indexes that are rebuilt. */
  List<Integer> rebuilt(Deadline deadline) throws ReadException, PageException {
    if (targets.size() == 1) {
      return List.of(0);
    }
    List<Integer> rebuilt = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      if (copy(i, deadline) != Copy.ONLY) {
        rebuilt.add(i);
      }
    }
    if (rebuilt.isEmpty()) {
      throw new PageException(false, "no index is rebuilt any more");
    }
    return rebuilt;
  }

  /** Returns whether any index is rebuilt. */
  boolean anyRebuilt(Deadline deadline) throws ReadException {
    for (int i = 0; i < targets.size(); i++) {
      if (copy(i, deadline) != Copy.ONLY) {
        return true;
      }
    }
    return false;
  }

  private Copy copy(int target, Deadline deadline) throws ReadException {
    return side(target, Copy.ONLY).documents().serving(deadline);
  }
}
