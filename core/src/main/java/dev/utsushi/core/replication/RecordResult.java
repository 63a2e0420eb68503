package dev.utsushi.core.replication;

import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.StreamRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record.
 *
 * @param writes what the record's change writes, at most once to each index; empty where the record
 *     holds no change to write
 * @param outcome of all of them together
 */
public record RecordResult(StreamRecord streamRecord, List<Written> writes, Outcome outcome) {

  /** What became of a write to one index. */
  public record Written(DocumentWrite write, Outcome outcome) {}

  /** The result of a record that writes to one index, or to none. */
  public RecordResult(StreamRecord streamRecord, @Nullable DocumentWrite write, Outcome outcome) {
    this(streamRecord, write == null ? List.of() : List.of(new Written(write, outcome)), outcome);
  }

  /** Returns the result of a record that is processed when each of its writes is. */
  static RecordResult of(StreamRecord streamRecord, List<Written> writes) {
    return new RecordResult(
        streamRecord, writes, writes.size() == 1 ? writes.getFirst().outcome() : all(writes));
  }

  private static Outcome all(List<Written> writes) {
    if (writes.isEmpty()) {
      return new Outcome.LeftOut();
    }
    Optional<Outcome> failed =
        writes.stream().map(Written::outcome).filter(each -> !each.isProcessed()).findFirst();
    if (failed.isPresent()) {
      return failed.get();
    }
    Set<String> overflowed = new LinkedHashSet<>();
    boolean applied = false;
    for (Written written : writes) {
      if (written.outcome() instanceof Outcome.Applied(List<String> attributes)) {
        applied = true;
        overflowed.addAll(attributes);
      }
    }
    return applied ? new Outcome.Applied(List.copyOf(overflowed)) : writes.getFirst().outcome();
  }

  /** Returns the first of the writes; null if there is none. */
  public @Nullable DocumentWrite write() {
    return writes.isEmpty() ? null : writes.getFirst().write();
  }
}
