package dev.utsushi.core.replication;

import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record.
 *
 * @param write what the record's change writes; null where the record holds no change to write
 */
public record RecordResult(
    StreamRecord streamRecord, @Nullable DocumentWrite write, Outcome outcome) {}
