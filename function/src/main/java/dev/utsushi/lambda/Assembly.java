package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexInspector;
import dev.utsushi.core.index.IndexReader;
import dev.utsushi.core.index.IndexRebuild;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.replication.ReplicationParts;
import dev.utsushi.core.replication.ReplicationTelemetry.Lag;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.RunSettings;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.run.Backfill;
import dev.utsushi.run.Indexes;
import dev.utsushi.run.Reindex;
import dev.utsushi.run.SegmentWorker;
import dev.utsushi.run.SegmentWorker.Works;
import dev.utsushi.run.TableReader;
import dev.utsushi.run.TombstonePurge;
import dev.utsushi.run.Verification;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Builds the flow from the settings. It connects to nothing yet. */
final class Assembly {
  /** Reserved from the invocation's time, to report the outcomes. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private Assembly() {}

  static Replication replication(Settings settings, HttpCaller caller, Log log) {
    return new ReplicationParts(settings, caller, log).replication();
  }

  static Replication replication(Settings settings, HttpCaller caller, Log log, Lag lag) {
    return new ReplicationParts(settings, caller, log).replication(lag);
  }

  static Replication kinesisReplication(Settings settings, HttpCaller caller, Log log) {
    return new ReplicationParts(settings, caller, log).kinesisReplication();
  }

  /** Builds the flow that reports what it would do to the index, and logs nothing. */
  static Replication dryRun(Settings settings, HttpCaller caller) {
    var parts = new ReplicationParts(settings, caller, nowhere());
    var telemetry = parts.telemetry(new Lag.None());
    List<IndexWriter> writers =
        settings.targets().list().stream()
            .map(target -> IndexWriter.dryRun(parts.client(), target.index(), telemetry))
            .toList();
    return parts.replication(parts.besideKinesis(IndexWriter.toEach(writers)), telemetry);
  }

  /** Builds a reader of each index. */
  static List<IndexReader> indexReaders(Settings settings, HttpCaller caller) {
    SearchClient client = new ReplicationParts(settings, caller, nowhere()).client();
    return settings.targets().list().stream()
        .map(target -> new IndexReader(client, target.index()))
        .toList();
  }

  /** Builds the worker of runs. */
  static SegmentWorker segmentWorker(RunSettings runs, HttpCaller caller, RunStore store, Log log) {
    Settings settings = runs.replication();
    var parts = new ReplicationParts(settings, caller, log);
    SearchClient client = parts.client();
    var telemetry = parts.telemetry(new Lag.None());
    Indexes indexes = new Indexes(client, settings.targets().list(), telemetry::of);
    var filter = new RecordFilter(runs.filterPatterns());
    var table = TableReader.of(store, runs.tableArn(), settings.keySchema(), filter);
    return new SegmentWorker(
        store,
        table,
        new Works(
            new Backfill(table, indexes, parts.index(telemetry)),
            new Reindex(table, indexes, store),
            new TombstonePurge(indexes, store),
            new Verification(table, indexes, settings.ttlDeletes(), store),
            indexes),
        runs.maximumConcurrency());
  }

  static IndexInspector indexInspector(
      Settings settings, Target target, HttpCaller caller, Log log) {
    var parts = new ReplicationParts(settings, caller, log);
    return new IndexInspector(
        parts.client(), target.index(), target.mapping(), parts.telemetry(new Lag.None()));
  }

  static IndexRebuild indexRebuild(Settings settings, HttpCaller caller, Log log) {
    return indexRebuild(settings, settings.targets().list().getFirst(), caller, log);
  }

  static IndexRebuild indexRebuild(Settings settings, Target target, HttpCaller caller, Log log) {
    var parts = new ReplicationParts(settings, caller, log);
    return new IndexRebuild(
        parts.client(),
        target.index(),
        target.mapping(),
        settings.ttlDeletes() == TtlDeletes.KEEP,
        parts.telemetry(new Lag.None()));
  }

  /** Returns a log that writes nothing. */
  static Log nowhere() {
    return new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system());
  }

  /** Returns when to stop, so that the outcomes can still be reported. */
  static Deadline deadline(Context context) {
    Duration time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
    return Deadline.in(time, InstantSource.system());
  }
}
