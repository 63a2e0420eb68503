package dev.utsushi.core.replication;

import dev.utsushi.core.index.IndexWriter;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.replication.ReplicationTelemetry.Lag;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.telemetry.Log;
import java.time.InstantSource;
import java.util.Objects;

/** Builds the flow, and parts of it, from the settings. It connects to nothing yet. */
public record ReplicationParts(Settings settings, HttpCaller caller, Log log) {

  /** Builds the flow for the table's own stream. */
  public Replication replication() {
    return replication(lag());
  }

  /** Builds the flow for the table's own stream, with lag measured in another way. */
  public Replication replication(Lag lag) {
    var telemetry = telemetry(lag);
    return replication(besideKinesis(index(telemetry)), telemetry);
  }

  /** Builds the flow for a Kinesis stream: a newer stream of the table's own is a mistake. */
  public Replication kinesisReplication() {
    var telemetry = telemetry(lag());
    return replication(index(telemetry), telemetry);
  }

  /** Builds the flow with another writer. */
  public Replication replication(IndexWriter index, ReplicationTelemetry telemetry) {
    return new Replication(decoder(), settings.targets(), index, telemetry);
  }

  /** Returns a writer that an index may move away from, if the table also sends to Kinesis. */
  public IndexWriter besideKinesis(IndexWriter index) {
    return settings.kinesis() == null ? index : IndexWriter.besideNewerStream(index);
  }

  /** Builds the writer to all indexes. */
  public IndexWriter index(ReplicationTelemetry telemetry) {
    Targets targets = settings.targets();
    return IndexWriter.toSeveral(
        client(),
        targets.list().stream().map(Target::index).toList(),
        targets.list().stream().map(Target::mapping).toList(),
        targets.numbers().mapToObj(telemetry::of).toList());
  }

  private Lag lag() {
    String attribute = settings.lagAttribute();
    return attribute == null ? new Lag.FromStream() : new Lag.FromAttribute(attribute);
  }

  /** Builds the telemetry of one flow. */
  public ReplicationTelemetry telemetry(Lag lag) {
    return new ReplicationTelemetry(
        settings.targets().list().stream().map(target -> target.index().reader()).toList(),
        settings.dimensions(),
        lag,
        log,
        InstantSource.system());
  }

  /** Builds the decoder. */
  public RecordDecoder decoder() {
    return new RecordDecoder(
        settings.keySchema(), settings.ttlDeletes(), settings.tableArn(), settings.kinesis());
  }

  /** Builds the client of the engine. */
  public SearchClient client() {
    return new SearchClient(settings.endpoint(), caller, authorization());
  }

  private Authorization authorization() {
    return switch (settings.auth()) {
      case SIGV4 -> Authorization.sigV4(Objects.requireNonNull(settings.region()));
      case BASIC -> Authorization.basic(Objects.requireNonNull(settings.secretArn()));
      case APIKEY -> Authorization.apiKey(Objects.requireNonNull(settings.secretArn()));
      case NONE -> Authorization.NONE;
    };
  }
}
