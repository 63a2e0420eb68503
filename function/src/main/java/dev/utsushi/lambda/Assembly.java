package dev.utsushi.lambda;

import static java.util.stream.Collectors.toMap;

import com.amazonaws.services.lambda.runtime.Context;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.IndexInspector;
import dev.utsushi.core.index.IndexNames.Copy;
import dev.utsushi.core.index.IndexReader;
import dev.utsushi.core.index.IndexRebuild;
import dev.utsushi.core.index.IndexScan;
import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.index.Tombstones;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.replication.ReplicationTelemetry;
import dev.utsushi.core.replication.ReplicationTelemetry.Lag;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.RunSettings;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.run.Backfill;
import dev.utsushi.run.Reindex;
import dev.utsushi.run.SegmentWorker;
import dev.utsushi.run.SegmentWorker.Works;
import dev.utsushi.run.TableReader;
import dev.utsushi.run.TombstonePurge;
import dev.utsushi.run.Verification;
import dev.utsushi.stream.RecordFilter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Builds the flow from the settings. It connects to nothing yet. */
final class Assembly {
  /** Reserved from the invocation's time, to report the outcomes. */
  private static final Duration RESERVE = Duration.ofMillis(500);

  private Assembly() {}

  static Replication replication(Settings settings, HttpCaller caller, Log log) {
    return replication(settings, caller, log, lag(settings));
  }

  static Replication replication(Settings settings, HttpCaller caller, Log log, Lag lag) {
    var telemetry = telemetry(settings, lag, log);
    IndexWriter index = index(settings, caller, telemetry);
    return new Replication(decoder(settings), moving(settings, index), telemetry);
  }

  /** Builds the flow for a Kinesis stream: a newer stream of the table's own is a mistake. */
  static Replication kinesisReplication(Settings settings, HttpCaller caller, Log log) {
    var telemetry = telemetry(settings, lag(settings), log);
    return new Replication(decoder(settings), index(settings, caller, telemetry), telemetry);
  }

  private static IndexWriter index(
      Settings settings, HttpCaller caller, ReplicationTelemetry telemetry) {
    return IndexWriter.to(
        client(settings, caller), settings.index(), settings.mapping(), telemetry);
  }

  private static IndexWriter moving(Settings settings, IndexWriter index) {
    return settings.kinesis() == null ? index : IndexWriter.besideNewerStream(index);
  }

  private static Lag lag(Settings settings) {
    String attribute = settings.lagAttribute();
    return attribute == null ? new Lag.FromStream() : new Lag.FromAttribute(attribute);
  }

  /** Builds the flow that reports what it would do to the index, and logs nothing. */
  static Replication dryRun(Settings settings, HttpCaller caller) {
    var telemetry = telemetry(settings, new Lag.None(), nowhere());
    return new Replication(
        decoder(settings),
        moving(settings, IndexWriter.dryRun(client(settings, caller), settings.index(), telemetry)),
        telemetry);
  }

  static IndexReader indexReader(Settings settings, HttpCaller caller) {
    return new IndexReader(client(settings, caller), settings.index());
  }

  /** Builds the worker of runs. */
  static SegmentWorker segmentWorker(RunSettings runs, HttpCaller caller, RunStore store, Log log) {
    Settings settings = runs.replication();
    SearchClient client = client(settings, caller);
    var telemetry = telemetry(settings, new Lag.None(), log);
    Function<Copy, IndexWriter> one =
        copy -> IndexWriter.toOne(client, settings.index().of(copy), settings.mapping(), telemetry);
    IndexWriter index = IndexWriter.to(client, settings.index(), settings.mapping(), telemetry);
    Function<Copy, IndexScan> scan = copy -> new IndexScan(client, settings.index().of(copy));
    var filter = new RecordFilter(runs.filterPatterns());
    var table = TableReader.of(store, runs.tableArn(), settings.keySchema(), filter);
    return new SegmentWorker(
        store,
        table,
        new Works(
            new Backfill(table, index),
            new Reindex(table, scan.apply(Copy.OLD), one.apply(Copy.NEW), store),
            new TombstonePurge(
                new Tombstones(client, settings.index(), telemetry), scan.apply(Copy.ONLY), store),
            scan.apply(Copy.ONLY),
            Stream.of(Copy.values())
                .collect(
                    toMap(
                        copy -> copy,
                        copy ->
                            new Verification(
                                table,
                                scan.apply(copy),
                                one.apply(copy),
                                settings.ttlDeletes(),
                                store)))),
        runs.maximumConcurrency());
  }

  static IndexInspector indexInspector(Settings settings, HttpCaller caller, Log log) {
    return new IndexInspector(
        client(settings, caller),
        settings.index(),
        settings.mapping(),
        telemetry(settings, new Lag.None(), log));
  }

  static IndexRebuild indexRebuild(Settings settings, HttpCaller caller, Log log) {
    return new IndexRebuild(
        client(settings, caller),
        settings.index(),
        settings.mapping(),
        settings.ttlDeletes() == TtlDeletes.KEEP,
        telemetry(settings, new Lag.None(), log));
  }

  private static ReplicationTelemetry telemetry(Settings settings, Lag lag, Log log) {
    return new ReplicationTelemetry(
        settings.index().reader(), settings.dimensions(), lag, log, InstantSource.system());
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

  private static RecordDecoder decoder(Settings settings) {
    return new RecordDecoder(
        settings.keySchema(), settings.ttlDeletes(), settings.tableArn(), settings.kinesis());
  }

  private static SearchClient client(Settings settings, HttpCaller caller) {
    return new SearchClient(settings.endpoint(), caller, authorization(settings));
  }

  private static Authorization authorization(Settings settings) {
    return switch (settings.auth()) {
      case SIGV4 -> Authorization.sigV4(Objects.requireNonNull(settings.region()));
      case BASIC -> Authorization.basic(Objects.requireNonNull(settings.secretArn()));
      case APIKEY -> Authorization.apiKey(Objects.requireNonNull(settings.secretArn()));
      case NONE -> Authorization.NONE;
    };
  }
}
