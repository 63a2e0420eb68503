package dev.utsushi.core.replication;

import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.record.StreamRecord;
import java.util.List;

/**
 * The flow: stream records become changes, changes become document writes to each index that shows
 * their item, and each record gets its outcome.
 */
public final class Replication {
  private final RecordDecoder decoder;
  private final Targets targets;
  private final IndexWriter index;
  private final ReplicationTelemetry telemetry;

  /** Creates the flow to one index of whole items. */
  public Replication(RecordDecoder decoder, IndexWriter index, ReplicationTelemetry telemetry) {
    this(decoder, Targets.WHOLE, index, telemetry);
  }

  /** Creates the flow from its parts. */
  public Replication(
      RecordDecoder decoder, Targets targets, IndexWriter index, ReplicationTelemetry telemetry) {
    this.decoder = decoder;
    this.targets = targets;
    this.index = index;
    this.telemetry = telemetry;
  }

  /** Returns what the changes are written to. */
  public Targets targets() {
    return targets;
  }

  /**
   * Brings the changes of these records to the index.
   *
   * @param deadline when to give up
   * @return one result for each record, in the same order
   */
  public List<RecordResult> replicate(List<StreamRecord> records, Deadline deadline) {
    telemetry.start();
    Batch batch = new Batch();
    records.forEach(each -> batch.add(each, decoder.decode(each), targets));
    // One round, unless the engine rejects a change that hides an older one.
    for (var writes = batch.nextWrites(); !writes.isEmpty(); writes = batch.nextWrites()) {
      batch.written(index.write(writes, deadline));
    }
    List<RecordResult> results = batch.results();
    telemetry.report(results);
    return results;
  }
}
